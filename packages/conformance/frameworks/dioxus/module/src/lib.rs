//! All scenarios as one module: the page's path says which it shows.

playconnect_guest::export!(conformance_scenarios::App);
