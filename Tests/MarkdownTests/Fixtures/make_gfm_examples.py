#!/usr/bin/env python3
"""Writes gfm_examples.json: Markdown examples, and what the command `cmark-gfm` (Debian package cmark-gfm) makes of them.

    make_gfm_examples.py                       the examples below
    make_gfm_examples.py --spec spec.txt OUT   the examples of a specification in the format of CommonMark, for a check by hand
"""
import json
import pathlib
import re
import subprocess
import sys

COMMAND = ["cmark-gfm", "--unsafe"] + [word for name in ("footnotes", "table", "strikethrough", "autolink", "tasklist") for word in ("-e", name)]

EXAMPLES = {
    "paragraphs": [
        "One line\n", "Two\nlines\n", "Two\n\nparagraphs\n", "   indented a little\n", "Hard  \nbreak\n", "Hard\\\nbreak\n", "  \n\ntext after blanks\n\n\n",
        "trailing spaces   \n", "no line end", "\u00e9t\u00e9 \u6f22\u5b57 \U0001f392\n", "a\tb\n", "\n",
    ],
    "headings": [
        "# One\n", "## Two ##\n", "###### Six\n", "####### Seven\n", "#NoSpace\n", "#\n", "# *Emphasis* and `code`\n", "Setext\n===\n", "Setext two\n---\n",
        "Two\nlines\n===\n", "# a\n# b\ntext\n# c\n", "    # code\n", "\\# no heading\n", "# closing \\#\n", "- # in a list\n", "> # in a quote\n",
    ],
    "breaks": ["---\n", "***\n", "_ _ _\n", "--\n", "a\n***\nb\n", "- - -\n", "    ---\n"],
    "code": [
        "    indented\n      more\n", "```\nfenced\n```\n", "~~~swift\nlet a = 1\n~~~\n", "```\nnever closed\n", "````\n```\n````\n", "``` a`b\n```\n", "```js title=\"x\"\ny\n```\n",
        "`code`\n", "`` a`b ``\n", "` `\n", "`never closed\n", "`<b>&amp;`\n", "```\n<b>&amp;\n```\n", "  ```\n  a\n    b\n  ```\n", "> ```\n> a\n\nb\n", "`a\nb`\n",
    ],
    "emphasis": [
        "*a* _b_ **c** __d__\n", "***both***\n", "**a *b* c**\n", "*a **b** c*\n", "snake_case_name\n", "a*b*c\n", "* not emphasis*\n", "**not closed\n", "*(**a**)*\n",
        "_a __b_ c__\n", "\\*escaped\\*\n", "**a**b\n", "\u00a1*hola*!\n", "*a`*`b*\n", "**\u201cquoted\u201d**word\n",
    ],
    "strikethrough": ["~~gone~~\n", "~one~\n", "~~a **b** c~~\n", "~~~no~~~\n", "a ~~b\nc~~ d\n", "~~never\n"],
    "links": [
        "[a](/b/)\n", "[a](/b/ \"title\")\n", "[a](<b c>)\n", "[a](b c)\n", "[a]()\n", "[](/b/)\n", "[a][ref]\n\n[ref]: /b/ 'Title'\n", "[Ref]\n\n[ref]: /b/\n", "[a][]\n\n[A]: <x y>\n",
        "[not a ref]\n", "[a](/b/?c=d&e=f#g)\n", "[*a* `b`](/c/)\n", "[a [b] c](/d/)\n", "[a](b(c)d)\n", "[a](b\\)c)\n", "[a\\]b](/c/)\n", "[\u00e9](/\u00e9/)\n", "[a](/%20/)\n",
        "[a](\"t\")\n", "[a](/b/ \"it's \\\"x\\\"\")\n", "[a]\n\n[a]: /b/\n[a]: /c/\n", "[outer [inner](/a/)](/b/)\n", "![[a](/b/)](/c/)\n",
    ],
    "pictures": [
        "![a](b.jpg)\n", "![a](b.jpg \"Title\")\n", "text ![a *b*](c.png) text\n", "![](b.jpg)\n", "[![a](b.jpg)](/c/)\n", "![a][b]\n\n[b]: c.jpg\n", "\\![a](b)\n", "![a](b.jpg)\n![c](d.jpg)\n",
    ],
    "autolinks": [
        "<https://example.org/a?b=c&d>\n", "<mail@example.org>\n", "https://example.org/a_b\n", "www.example.org/x.\n", "See https://example.org/(a), please.\n", "mail@example.org\n",
        "http://example.org/a&copy;\n", "(https://example.org)\n", "<not a link>\n", "https://example.org/<b>\n", "`https://example.org`\n", "a.b-c_d@example.org.\n", "ftp://example.org\n",
    ],
    "lists": [
        "- a\n- b\n", "- a\n\n- b\n", "1. a\n2. b\n", "7) a\n8) b\n", "- a\n  - b\n    - c\n", "- a\n\n  b\n- c\n", "* a\n+ b\n- c\n", "1. a\n   - b\n2. c\n", "-\n- b\n", "- a\nlazy\n",
        "text\n- a\n", "text\n2. a\n", "10. a\n", "-a\n", "- a\n\n\n- b\n", "- ```\n  code\n  ```\n", "1. one\n\n   two\n\n       code\n", "- a\n<!-- -->\n- b\n", "0. zero\n", "1234567890. no\n",
    ],
    "tasks": ["- [ ] open\n- [x] done\n", "- [X] done\n", "- [] none\n", "1. [ ] a\n2. [x] b\n", "- [ ]no space\n", "- a\n  - [x] b\n"],
    "quotes": ["> a\n", "> a\nb\n", "> a\n\n> b\n", "> - a\n> - b\n", ">> a\n", ">\n", "> a\n> ---\n", "- > a\n", "> | a |\n> |---|\n> | b |\n"],
    "tables": [
        "| a | b |\n|---|---|\n| c | d |\n", "a | b\n--- | ---\nc | d\n", "| a | b | c |\n|:--|:-:|--:|\n| 1 | 2 | 3 |\n", "| a |\n|---|\n", "| a | b |\n|---|\n| c | d |\n",
        "| a | b |\n|---|---|\n| c |\n| d | e | f |\n", "| `a\\|b` | **c** |\n|---|---|\n| \\| | <b>x</b> |\n", "| a |\n|---|\n| b |\ntext\n\nafter\n", "| a |\n| --- |\n| b |\n> quote\n",
        "text\n| a |\n|---|\n| b |\n", "|a|\n|-|\n|[l](/x/) ![p](y.png)|\n", "| a |\n|---|\n|   |\n",
    ],
    "footnotes": [
        "A note.[^1]\n\n[^1]: The text.\n", "[^a] and [^b]\n\n[^b]: B\n\n[^a]: A\n", "No definition[^x]\n", "Twice[^1] and again[^1]\n\n[^1]: Text\n",
        "Long[^n]\n\n[^n]: First\n\n    second paragraph\n", "[^unused]: Never shown\n", "In a *[^1]* word\n\n[^1]: `code` and [a](/b/)\n",
    ],
    "html": [
        "<div>\n*not emphasis*\n</div>\n", "<div>\n\n*emphasis*\n\n</div>\n", "a <b>b</b> c\n", "<!-- comment -->\n", "<script>\nalert(1)\n</script>\n", "<details><summary>a</summary>\n\nb\n\n</details>\n",
        "<a href=\"x\n", "a < b > c\n", "<br/>\ntext\n", "<p>a\nb</p>\n\nc\n", "&lt;b&gt;\n", "<x-y z>\n",
    ],
    "entities": ["&amp; &copy; &eacute; &nbsp;\n", "&#233; &#xE9;\n", "&#0;\n", "&nothing; &x\n", "[a](/&eacute;/)\n", "\\& \\< \\> \\\"\n", "AT&T\n", "&quot;\n", "{{ not a template }}\n", "\"quotes\" 'single' -- ...\n"],
}


def rendered(markdown):
    return subprocess.run(COMMAND, input=markdown.encode(), capture_output=True, check=True).stdout.decode()


def of_specification(path):
    text = pathlib.Path(path).read_text()
    for number, match in enumerate(re.finditer(r"^`{32} example[^\n]*\n(.*?)^\.\n.*?^`{32}$", text, re.M | re.S), start=1):
        yield f"{pathlib.Path(path).stem} {number}", match[1].replace("\u2192", "\t")


def main():
    if sys.argv[1:2] == ["--spec"]:
        examples, output = of_specification(sys.argv[2]), sys.argv[3]
    else:
        examples = ((f"{section} {number}", markdown) for section, all in EXAMPLES.items() for number, markdown in enumerate(all, start=1))
        output = pathlib.Path(__file__).with_name("gfm_examples.json")
    result = [{"name": name, "markdown": markdown, "html": rendered(markdown)} for name, markdown in examples]
    pathlib.Path(output).write_text(json.dumps(result, ensure_ascii=False, indent=0) + "\n")
    print(len(result), "examples")


main()
