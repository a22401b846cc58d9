"""历年数据库: the only room with SQL."""
