"""The command ``zhengwen``: options, exit status, errors. The work is in `ui.commands`.

Exit status: 0 done, 1 the question or document was refused with a reason, 2 wrong use. Errors go to
standard error, one line what, one line what to do. Nothing heavy is imported here, and each command
imports only what it needs: a cold ``zhengwen ask`` has 1.5 s.
"""

import argparse
import os
import re
import sys
from collections.abc import Callable
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import IO, NoReturn

from ui.refusal import Refusal

_ROOMS = {  # module of ui.commands with the function of this name; the others are in keeping
    **dict.fromkeys(("ask", "guide", "unit", "serve"), "asking"),
    **dict.fromkeys(("user", "audit"), "accounts"),
    "check": "checking",
    "compare": "comparing",
    "mcp": "assisting",
    "review": "reviewing",
    **dict.fromkeys(("history", "diff", "rollback"), "versions"),
}
_ERRORS = (  # argparse's own messages, in the users' language
    (r"the following arguments are required: (.*)", r"缺少参数：\1"),
    (r"unrecognized arguments: (.*)", r"不认识的参数：\1"),
    (r"argument (\S+): expected one argument", r"选项 \1 后面缺少值"),
    (r"argument (\S+): expected at least one argument", r"选项 \1 后面缺少值"),
    (r"argument (\S+): invalid choice: (\S+) \(choose from (.*)\)", r"\1 不能是 \2，可选：\3"),
    (r"argument (\S+): not allowed with argument (\S+)", r"\1 不能和 \2 一起用"),
    (r"argument (\S+): invalid \S+ value: (.*)", r"\1 的值 \2 不对"),
    (r"argument (\S+): (.*)", r"\1：\2"),
)


class _Formatter(argparse.HelpFormatter):
    def add_usage(self, usage, actions, groups, prefix=None):  # type: ignore[no-untyped-def]  # as the base has it
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class _Parser(argparse.ArgumentParser):
    def __init__(self, **options: object) -> None:
        super().__init__(add_help=False, formatter_class=_Formatter, **options)  # type: ignore[arg-type]
        self._positionals.title, self._optionals.title = "参数", "选项"
        self.add_argument("-h", "--help", action="help", help="显示这份说明")

    def error(self, message: str) -> NoReturn:
        for pattern, chinese in _ERRORS:
            message, found = re.subn(f"^{pattern}$", chinese, message, flags=re.DOTALL)
            if found:
                break
        complain(message, f"运行 {self.prog} --help 看用法")
        raise SystemExit(2)


def complain(what: str, remedy: str) -> None:
    """Write an error: one line what, one line what to do."""
    print(f"错误：{what.rstrip('。')}。", f"办法：{remedy.rstrip('。')}。", sep="\n", file=sys.stderr)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}”不是日期，请写成 2022-07-15 的样子") from None


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command; each sub-command names its function in `run`."""
    top = _Parser(prog="zhengwen", description="政问：就政策文件提问，得到有条款依据的回答。")
    top.add_argument("--version", action="store_true", help="显示版本")
    commands = top.add_subparsers(title="命令", metavar="命令", dest="command", parser_class=_Parser)

    def command(name: str, summary: str) -> argparse.ArgumentParser:
        parser = commands.add_parser(name, help=summary, description=summary + "。")
        parser.add_argument(
            "--store", type=Path, metavar="目录", help="知识库所在目录（默认 ZHENGWEN_STORE 或 ./store）"
        )
        parser.set_defaults(room="ui.commands." + _ROOMS.get(name, "keeping"))
        return parser

    ingest = command("ingest", "读入文件、文件夹或网址，每份文件打印一行")
    ingest.add_argument("paths", nargs="+", metavar="路径或网址", help="要读入的文件、文件夹或网址")
    ingest.add_argument("--quiet", action="store_true", help="没有变化的文件不打印")

    ask = command("ask", "提问，得到带依据的回答")
    ask.add_argument("question", nargs="?", metavar="问题", help="要问的话")
    ask.add_argument("--json", action="store_true", help="输出 JSON")
    ask.add_argument("--read", action="store_true", help="只输出可以念给来电人听的两句话")
    ask.add_argument("--sparql", action="store_true", help="只输出结果相同的 SPARQL 查询")
    ask.add_argument(
        "--batch", type=Path, metavar="文件", help="逐行回答 JSONL 文件里的问题，每行一个 JSON 回答"
    )
    ask.add_argument("--as-of", type=_day, metavar="日期", help="以哪一天为准判断是否有效（默认今天）")
    ask.add_argument("--jurisdiction", metavar="辖区", help="只看这个地方的文件，如 鲁山县")

    guide = command("guide", "一项措施的申报指南：谁可以申领、给多少、什么条件、找谁")
    guide.add_argument("what", nargs="+", metavar="条款或问题", help="文件简称和条款位置，或一个问题")
    guide.add_argument("--json", action="store_true", help="输出 JSON")
    guide.add_argument("--as-of", type=_day, metavar="日期", help="以哪一天为准判断是否有效（默认今天）")

    facts = command("facts", "导出抽取到的事实")
    formats = ("jsonl", "csv", "nq", "ttl", "jsonld")
    facts.add_argument("--format", choices=formats, default="jsonl", help="默认 jsonl，每行一个条款")
    facts.add_argument("--without-text", action="store_true", help="不含原文；加 --output 则写出随附知识")
    facts.add_argument("--output", type=Path, metavar="路径", help="写到文件（随附知识为文件夹），默认屏幕")

    unit = command("unit", "列出一个单位牵头和负责的全部条款")
    unit.add_argument("name", metavar="单位", help="单位名称，全称或简称")
    unit.add_argument("--json", action="store_true", help="输出 JSON")

    review = command("review", "列出可疑的事实，记下核对的结果")
    review.add_argument("source", nargs="?", metavar="文件简称", help="只看这份文件")
    review.add_argument("--all", action="store_true", help="列出全部事实，不只可疑的")
    review.add_argument("--json", action="store_true", help="输出 JSON，每行一条")
    review.add_argument("--history", action="store_true", help="列出已有的核对记录")
    review.add_argument("--accept", nargs="+", metavar="编号", help="确认无误")
    review.add_argument("--change", nargs="+", metavar=("编号", "字段=值"), help="改正，如 对象=小微企业")
    review.add_argument("--reject", nargs="+", metavar="编号", help="驳回：不再用于回答")
    added = ("文件简称", "条款位置 单位|数据 引文 字段=值")
    review.add_argument("--add", nargs="+", metavar=added, help="补充漏读的单位或数据，引文要与原文逐字相同")
    review.add_argument("--by", metavar="姓名", help="谁核对的")
    review.add_argument("--on", type=_day, metavar="日期", help="哪天核对的（默认今天）")
    review.add_argument("--note", default="", metavar="说明", help="为什么这样定")

    check = command("check", "检查文件：编号、单位、数字、日期、引用、文字里的可疑之处")
    check.add_argument("source", nargs="?", metavar="文件简称", help="只检查这一份（默认全部）")
    check.add_argument("--json", action="store_true", help="输出 JSON")
    check.add_argument(
        "--severity",
        choices=("error", "warning", "note"),
        help="列到哪一级：error 错误，warning 警告（默认），note 提示",
    )

    compare = command("compare", "文件对照：两份或三份文件逐条比，列出不同的数字、日期、单位")
    compare.add_argument("source", nargs="+", metavar="文件简称", help="两份或三份")
    compare.add_argument("--json", action="store_true", help="输出 JSON")

    sparql = command("sparql", "只读查询知识图谱")
    sparql.add_argument("query", metavar="查询", help="SPARQL 1.1 查询语句，写 - 则从标准输入读")

    sparql.add_argument("--format", choices=("csv", "json", "tsv"), default="csv", help="格式，默认 csv")

    serve = command("serve", "启动网页和 HTTP 接口")
    serve.add_argument("--host", metavar="地址", help="监听地址（默认 ZHENGWEN_HOST 或 127.0.0.1）")
    serve.add_argument(
        "--port", type=int, metavar="端口", help="端口（默认 ZHENGWEN_PORT 或 7860，0 为自动选择）"
    )

    command("mcp", "供智能助手调用的工具（MCP，标准输入输出）")

    remove = command("remove", "从知识库删去一份文件")
    remove.add_argument("source", metavar="文件简称", help="用 zhengwen status 可以看到")
    for name, summary in (("backup", "把知识库备份成一个文件"), ("restore", "用备份文件恢复知识库")):
        command(name, summary).add_argument("file", type=Path, metavar="文件", help="备份文件")
    user = command("user", "网页的账号和程序的密钥：新建、列出、改密码、删除、停用")
    user.add_argument(
        "action",
        choices=("add", "list", "password", "remove", "key", "revoke"),
        metavar="动作",
        help="add 新建账号，list 列出，password 改密码，remove 删去账号，key 新建密钥，revoke 停用密钥",
    )
    user.add_argument("name", nargs="?", metavar="名称", help="账号或程序的名称；停用密钥写编号")
    user.add_argument("--role", choices=("admin", "editor"), default="editor", help="管理员，或编辑（默认）")

    audit = command("audit", "列出最近的操作记录")
    audit.add_argument("--verify", action="store_true", help="核对全部记录是否被改动过")
    audit.add_argument("--csv", action="store_true", help="全部记录，CSV 格式")

    command("graph", "重写图谱：换了图数据库，或图数据库里的数据坏了")
    command("status", "显示知识库里有什么")

    history = command("history", "列出知识库的各个版本：何时、因何、谁、动了哪些文件")
    history.add_argument("--json", action="store_true", help="输出 JSON，每行一个版本")
    diff = command("diff", "比较两个版本：文件、条款、事实有哪些不同")
    diff.add_argument("before", metavar="旧版本", help="版本号，如 12 或 g000012")
    diff.add_argument("after", nargs="?", metavar="新版本", help="默认现在的版本")
    diff.add_argument("--json", action="store_true", help="输出 JSON")
    rollback = command("rollback", "回到一个旧版本：把它的内容发布成新版本")
    rollback.add_argument("target", metavar="版本", help="版本号，用 zhengwen history 查看")
    return top


def main(argv: list[str] | None = None) -> int:
    """Run the command and return its exit status."""
    for stream in (sys.stdout, sys.stderr):
        _speak_utf8(stream)
    parser = build_parser()
    args = parser.parse_args(argv)
    if args.version:
        from importlib.metadata import version

        print(f"政问 {version('zhengwen')}")
        return 0
    if args.command is None:
        parser.error("没有写命令")
    run: Callable[[argparse.Namespace], int] = getattr(import_module(args.room), args.command)
    try:
        return run(args)
    except Refusal as refusal:
        complain(refusal.what, refusal.remedy)
        return refusal.status
    except BrokenPipeError:  # the reader of a pipe has gone: not an error of ours
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


def _speak_utf8(stream: IO[str]) -> None:
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
