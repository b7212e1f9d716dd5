mod commit;
mod mutation;
mod nested;
mod overlay;
mod page;
mod shares;
mod streams;
mod vectors;
