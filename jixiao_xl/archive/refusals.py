"""What a database says when it refuses, as a clerk understands it, and what to do about it."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError

from jixiao_xl.model.machine_errors import said_by_machine


class Refusal(NamedTuple):
    """Why, and what to do: the end of a sentence without its full stop, and a sentence."""

    why: str
    advice: str


_BUSY = Refusal("别人正在写，等到现在还没有写完", "稍等一会儿再试。")
_READ_ONLY = Refusal("只能看，不能写", "去掉文件的只读属性，或请管理员给写的权限。")
_FULL = Refusal("放它的磁盘已满", "清理出空间后再试；在服务器上的，请管理员清理。")
_NO_SERVER = Refusal("连不上数据库服务器", "检查网络；还不行，请管理员核对地址、端口、数据库名、用户名和密码，确认服务开着。")
_BAD_ADDRESS = Refusal("地址写得不对", "写成文件的路径，或者 postgresql://用户名:密码@服务器/数据库 的样子。")
_NO_DRIVER = Refusal("没有装连 PostgreSQL 所需的程序", "执行 pip install '.[postgres]' 后再试。")
_CUT = Refusal("与数据库服务器的连接断了", "再办一次；总是这样，请管理员检查网络和服务器。")
_TOO_SLOW = Refusal("超过了服务器允许的时间，被它中断", "稍后再试；总是这样，请管理员放宽服务器的时间限制（statement_timeout）。")
_OTHER_TABLES = Refusal("里面的表和本程序用的不一样", "核对路径；是用更新的版本建立的，请升级本机的程序后再办。")
_TOO_LONG = Refusal("有一处文字太长，存不下", "检查报送件的文件名、单位名称和指标名称，把太长的改短后再办。")
_OTHER_ADVICE = "检查路径和权限，或稍后再试；还不行，把这句话告诉管理员。"

_BY_SQLITE = {
    1: _OTHER_TABLES,
    5: _BUSY,
    6: _BUSY,
    8: _READ_ONLY,
    10: Refusal("读写磁盘时出错", "确认磁盘或网络盘还连着；历年数据库要放在本机的盘上。"),
    11: Refusal("文件已损坏", "先把它另存一份留着，再用备份替换。"),
    13: _FULL,
    14: Refusal("打不开这个文件", "核对路径，要写到文件、不是文件夹；检查权限。"),
    26: Refusal("这个文件不是数据库", "核对路径，换成历年数据库的文件。"),
    1299: _OTHER_TABLES,
}
"""By the extended result code of SQLite, else the primary one (https://www.sqlite.org/rescode.html)."""
_BY_POSTGRESQL = {
    "55P03": _BUSY,
    "40P01": _BUSY,
    "57014": _TOO_SLOW,
    "25006": _READ_ONLY,
    "42501": Refusal("这个用户没有权限", "请管理员给这个用户读写和建表的权限。"),
    "53100": _FULL,
    "25P03": _CUT,
    "57P05": _CUT,
    "08006": _CUT,
    "42P01": _OTHER_TABLES,
    "42703": _OTHER_TABLES,
    "23502": _OTHER_TABLES,
    "22001": _TOO_LONG,
    "54000": _TOO_LONG,
    "22P05": Refusal("这个数据库存不了汉字", "请管理员用 UTF8 编码另建一个数据库。"),
    "53300": Refusal("同时连接的人太多", "稍等一会儿再试。"),
    "57P01": _NO_SERVER,
    "57P02": _NO_SERVER,
    "57P03": _NO_SERVER,
}
"""By SQLSTATE (PostgreSQL, appendix A)."""


def refusal_of(error: Exception) -> Refusal:
    """What an error of SQLAlchemy, of a driver or of the machine means; what is not known is quoted as the driver says it."""
    if isinstance(error, ModuleNotFoundError):
        return _NO_DRIVER
    if isinstance(error, NoSuchModuleError):
        return Refusal("没有这种数据库", _BAD_ADDRESS.advice)
    if isinstance(error, ArgumentError | ValueError):
        return _BAD_ADDRESS
    if isinstance(error, OSError):
        return Refusal(said_by_machine(error), _OTHER_ADVICE)
    driver = getattr(error, "orig", None) or error
    code, state = getattr(driver, "sqlite_errorcode", 0), getattr(driver, "sqlstate", "") or ""
    if known := _BY_SQLITE.get(code) or _BY_SQLITE.get(code & 0xFF) or _BY_POSTGRESQL.get(state):
        return known
    if isinstance(error, OperationalError) and getattr(driver, "sqlstate", "") is None:  # no server has answered
        return _NO_SERVER
    said = next(iter(str(driver).splitlines()), type(driver).__name__)
    return Refusal(f"数据库不接受这次读写（{said}）", _OTHER_ADVICE)
