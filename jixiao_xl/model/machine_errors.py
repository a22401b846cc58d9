"""What the machine says when it refuses a file, in Chinese: a clerk gets one sentence, whatever system it is."""

from __future__ import annotations

import errno

_SAID = {
    errno.EACCES: "没有权限，或文件正被别的程序打开",
    errno.EPERM: "没有权限",
    errno.EBUSY: "文件正被别的程序打开",
    errno.EROFS: "所在的盘是只读的",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已用完",
    errno.ENAMETOOLONG: "文件名太长，请换一个短的",
    errno.ENOENT: "没有这个文件夹或文件",
    errno.ENOTDIR: "路径中间有一段不是文件夹",
    errno.EEXIST: "路径中间有一段不是文件夹",
    errno.EIO: "读写磁盘时出错",
    errno.EISDIR: "是文件夹，不是文件",
}


def said_by_machine(error: OSError) -> str:
    """Why in a few Chinese words; what is not known is said as the machine says it."""
    return _SAID.get(error.errno or 0) or error.strerror or str(error)
