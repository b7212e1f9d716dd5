mod commit;
mod mutation;
mod page;
mod streams;
mod vectors;
