fn main() {}
mod dates;
mod storage;
