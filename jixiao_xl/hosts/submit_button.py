"""生成报送文件: the open workbook as a macro-free .xlsx beside it."""

from __future__ import annotations

from jixiao_xl import operations
from jixiao_xl.hosts.choosing import folder_beside
from jixiao_xl.hosts.port import Host

TITLE = "生成报送文件"


def make_submission(host: Host) -> None:
    """Judge, ask where 必须修改 is left, write the file, say its 校验码."""
    form = operations.open_form(host, host.name)
    form.must_be_ours()
    reading = form.reading
    errors = sum(f.severity == "error" for f in operations.judged(reading).findings)
    if errors and not host.ask(f"还有 {errors} 处“必须修改”，报送后可能被退回。仍要生成报送文件吗？", TITLE):
        return
    folder = folder_beside(host, "报送文件放在哪个文件夹？")
    host.status("正在生成报送文件……")
    sent = operations.make_submission(reading, folder)
    host.status("")
    host.tell(f"已生成 {sent.path.name}，在 {folder}。\n校验码 {sent.code}，应与打印表页眉的校验码一致。", TITLE)
