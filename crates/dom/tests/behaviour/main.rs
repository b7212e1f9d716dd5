mod changes;
mod commit;
mod mutation;
mod page;
mod shares;
mod streams;
mod vectors;
