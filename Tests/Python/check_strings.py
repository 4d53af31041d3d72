#!/usr/bin/env python3
"""Checks that every language says all that English says.

    python3 -m pip install pyyaml
    python3 check_strings.py [FOLDER]

FOLDER is Templates/strings of this repository if none is given. Prints one line for each thing that is wrong and exits with 1 if there
is any.

Checked are for each language that the file is a flat list of texts without a key that stands twice, that it has the keys of en.yaml and
no others, each plural category of the language, and the same {parameters} as English. Each key must be used: by a template, by the
generator, or by what the theme guide offers to templates of a site's own.
"""
import pathlib
import re
import sys

import yaml

# The plural categories that whole numbers have (CLDR, Language Plural Rules), and `other`, which every language has.
# The same languages as in Sources/Tenancy/Settings/Language.swift.
CATEGORIES = {
    "en": ["one", "other"],
    "es": ["one", "many", "other"],
    "zh-Hans": ["other"],
    "vi": ["other"],
    "ko": ["other"],
    "ru": ["one", "few", "many", "other"],
    "ar": ["zero", "one", "two", "few", "many", "other"],
    "fr": ["one", "many", "other"],
}
# Categories that stand for one number only, so that a text may say it in words: "no results", "two results".
EXACT = {"en": ["one"], "es": ["one"], "ar": ["zero", "one", "two"]}
PLURAL_KEY = re.compile(r"(.+)\.(zero|one|two|few|many|other)")
PARAMETER = re.compile(r"\{[a-z_]+\}")


def read(path):
    """The texts of a file by key, and what is wrong with its form."""
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}, ["the file is missing"]
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        return {}, [f"not readable: {error}"]
    if not isinstance(root, yaml.MappingNode):
        return {}, ["not a list of `key: text`"]
    texts, problems = {}, []
    for key, value in root.value:
        line = key.start_mark.line + 1
        if not isinstance(value, yaml.ScalarNode) or value.tag != "tag:yaml.org,2002:str" or not value.value.strip():
            problems.append(f"line {line}: `{key.value}` has no text; quote it if it looks like a number, yes or no")
        elif key.value in texts:
            problems.append(f"line {line}: `{key.value}` stands here a second time")
        elif PARAMETER.sub("", value.value).count("{") + PARAMETER.sub("", value.value).count("}"):
            problems.append(f"line {line}: `{key.value}` has a brace that belongs to no {{parameter}}")
        texts.setdefault(key.value, value.value if isinstance(value, yaml.ScalarNode) else "")
    return texts, problems


def split(texts):
    """The plain texts by key, and the plural forms by key and category."""
    plain, plurals = {}, {}
    for key, text in texts.items():
        match = PLURAL_KEY.fullmatch(key)
        if match:
            plurals.setdefault(match[1], {})[match[2]] = text
        else:
            plain[key] = text
    return plain, plurals


def compare_parameters(key, text, wanted, optional=frozenset()):
    """What is wrong with the parameters of `text`, which needs those in `wanted` but may lack those in `optional`."""
    found = set(PARAMETER.findall(text))
    for name in sorted(wanted - found - optional):
        yield f"`{key}` lacks {name}"
    for name in sorted(found - wanted):
        yield f"`{key}` has {name}, which English has not"


def check(language, texts, english):
    """What is wrong with the texts of a language."""
    plain, plurals = split(texts)
    english_plain, english_plurals = split(english)
    for key in english_plain:
        if key in plain:
            yield from compare_parameters(key, plain[key], set(PARAMETER.findall(english_plain[key])))
        else:
            yield f"`{key}` is missing"
    for key, english_forms in english_plurals.items():
        wanted = set(PARAMETER.findall(" ".join(english_forms.values())))
        for category in CATEGORIES[language]:
            if category not in plurals.get(key, {}):
                yield f"`{key}.{category}` is missing"
                continue
            optional = {"{n}"} if category in EXACT.get(language, []) else set()
            yield from compare_parameters(f"{key}.{category}", plurals[key][category], wanted, optional)
    for key in plain:
        if key not in english_plain:
            yield f"`{key}` is not a key of en.yaml"
    for key, forms in plurals.items():
        for category in forms:
            if key not in english_plurals:
                yield f"`{key}.{category}` is not a key of en.yaml"
            elif category not in CATEGORIES[language]:
                yield f"`{key}.{category}`: the language has no category `{category}`"


ROOT = pathlib.Path(__file__).resolve().parents[2]
# Keys that the generator puts together.
COMPOSED = re.compile(
    r"ordinal_[1-5]|(status_)?(cancelled|postponed|tentative)(?(1)|_notice)|(join|donate|volunteer)_(title|button)|(repeat_.+)_n")


def unused(english):
    """The keys that nothing says."""
    templates = [*(ROOT / "Templates" / "site").rglob("*.mustache"), ROOT / "docs" / "theme-guide.md"]
    said = set(re.findall(r"\bt\.([a-z0-9_]+)", "".join(path.read_text(encoding="utf-8") for path in templates)))
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "Sources" / "SiteBuilder").rglob("*.swift"))
    # Not a name of front matter, nor one that templates look up.
    said |= set(re.findall(r'(?<!fields\.text\()(?<!fields\.bool\()"([a-z0-9_]+)"(?![:\]])', sources))
    plain, plurals = split(english)
    for key in [*plain, *plurals]:
        composed = COMPOSED.fullmatch(key)
        if key not in said and not (composed and (composed[5] is None or composed[5] in said)):
            yield key


def main(arguments):
    folder = pathlib.Path(arguments[0]) if arguments else ROOT / "Templates" / "strings"
    english, _ = read(folder / "en.yaml")
    count = 0
    for key in unused(english):
        print(f"en.yaml: `{key}` is used nowhere")
        count += 1
    for language in CATEGORIES:
        path = folder / f"{language}.yaml"
        texts, problems = read(path)
        if texts:
            problems += check(language, texts, english)
        for problem in problems:
            print(f"{path.name}: {problem}")
        count += len(problems)
    for path in sorted(folder.glob("*.yaml")):
        if path.stem not in CATEGORIES:
            print(f"{path.name}: not a language that the platform has")
            count += 1
    if not count:
        print(f"{len(english)} texts in {len(CATEGORIES)} languages")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
