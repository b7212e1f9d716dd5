//! The files of the browser client.
