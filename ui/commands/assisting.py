"""The command `zhengwen mcp`: the tools of 政问 for an assistant, over standard input and output."""

import argparse
from importlib.metadata import version

from ui.opening import open_library, settings_of, store_explained
from ui.refusal import Refusal


def mcp(args: argparse.Namespace) -> int:
    """Serve the tools until the assistant hangs up."""
    settings = settings_of(args)
    try:
        from ui.tools import server
    except ImportError as error:
        raise Refusal(
            f"没有装 MCP 的软件包（{error.name}）", "在政问的虚拟环境里运行 pip install 'zhengwen[mcp]'"
        ) from error
    from ui.shelf import Shelf

    library = Shelf(lambda: open_library(settings), lambda opened: opened.refresh())
    with store_explained():
        library()
    server(library, settings, version("zhengwen")).run()
    return 0
