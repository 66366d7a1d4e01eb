fn main() {}
mod storage;
