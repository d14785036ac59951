"""The words of the language that completion offers, with places to fill in. Knows no program."""

from voxlogica_core.ide.writing.proposal import Proposal


def _snippet(name: str, detail: str, text: str) -> Proposal:
    return Proposal(name, "keyword", detail, insert=text, is_snippet=True)


STATEMENTS = (
    _snippet("let", "name a value", "let ${1:name} = $0"),
    _snippet("load", "an image from a file", 'load ${1:name} = "${2:file}"$0'),
    _snippet("save", "a value into a file", 'save "${1:file}" $0'),
    _snippet("print", "a value", 'print "${1:label}" $0'),
    _snippet("import", "a namespace or a file", 'import "$0"'),
    Proposal(
        "function",
        "snippet",
        "a function of one's own",
        insert="/// ${4:What it gives.}\nlet ${1:name}(${2:parameters}) = ${3:value}$0",
        is_snippet=True,
    ),
)
"""What a statement begins with."""

VALUES = (
    _snippet("for", "a value for each item", "for ${1:item} in ${2:items} do $0"),
    _snippet("filter", "the items for which it holds", "filter ${1:item} in ${2:items} do $0"),
    _snippet("fold", "all items in one", "fold ${1:+} ${2:items}$0"),
    _snippet("let", "name a part", "let ${1:name} = ${2:value} in $0"),
    Proposal("true", "keyword", "bool"),
    Proposal("false", "keyword", "bool"),
)
"""What a value may begin with, besides names."""

LET_IN = (Proposal("in", "keyword"), Proposal("do", "keyword"))
"""Words that stand only behind a value."""
