mod changes;
mod commit;
mod mutation;
mod nested;
mod page;
mod shares;
mod streams;
mod vectors;
