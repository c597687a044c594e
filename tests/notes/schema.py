#!/usr/bin/env python3
"""Holds the JSON Schemas that `zhi schema` prints against what zhi itself reads.

The schemas are valid; the settings and the front matter of this repository are valid by
them; and whatever a schema lets pass is read without a finding, for every key and value of
many kinds.

    python tests/notes/schema.py [ZHI]
"""
import json
import os
import re
import subprocess
import sys
import tempfile

import yaml
from jsonschema import Draft202012Validator

HERE = os.path.dirname(os.path.abspath(__file__))
REPOSITORY = os.path.join(HERE, "..", "..")
ZHI = sys.argv[1] if len(sys.argv) > 1 else os.path.join(REPOSITORY, "target/debug/zhi")

# Values of many kinds, as written. The first list is what people write under a key.
USUAL = {
    "title": ["探针", "1.30", "true", "2026"],
    "aliases": ["[a, 1.2]", "one", "[]"],
    "tags": ["[Pod, 网络/服务]", "a, b", "k8s"],
    "date": ["2026-11-20", "2026/1/2", "2026-11-20T09:30:00+08:00", "2026-11-20 09:30", '""'],
    "draft": ["true", "false", "yes", "0"],
    "weight": ["3", "-1", "2.5", '"7"'],
    "lang": ["zh-CN", "en", "zh_Hans_CN"],
    "toc": ["false", "2", "deep", "[2, 3]", "{level: 2}"],
    "up": ['"[[Pod]]"', "pod.md", '["[[a]]", "[[b]]"]'],
    "image": ["a.png", "[a.png]", "{image: a.png}"],
    "authors": ["[甲, 乙]", "[{name: 甲}]"],
}
STRANGE = ["[[Pod]]", "[a, b]", "{a: b}", "many", "13", "2026-13-45", '"-"', "[1, [2]]", "{}", "300", '"x y"', "1e3"]


class Core(yaml.SafeLoader):
    """YAML 1.2, as editors read it: dates are texts, and only true and false are truth."""


Core.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in resolvers if not tag.endswith((":timestamp", ":bool"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Core.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF"))


def load(text):
    return yaml.load(text, Core)


def validator(of):
    schema = json.loads(subprocess.run([ZHI, "schema", of], check=True, capture_output=True).stdout)
    Draft202012Validator.check_schema(schema)
    return schema, Draft202012Validator(schema)


def notes(folder):
    for base, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            if name.endswith(".md"):
                with open(os.path.join(base, name), encoding="utf-8") as file:
                    head = re.match(r"---\n(.*?\n)---\n", file.read(), re.S)
                if head:
                    yield os.path.join(base, name), load(head[1])


def wrong_types(cases):
    """The numbers of those cases that zhi has something to say about."""
    with tempfile.TemporaryDirectory() as folder:
        for number, (key, value) in enumerate(cases):
            with open(os.path.join(folder, f"{number}.md"), "w", encoding="utf-8") as file:
                file.write(f"---\n{json.dumps(key, ensure_ascii=False)}: {value}\n---\n")
        run = subprocess.run([ZHI, "check", folder, "--format", "json", "--no-external"], capture_output=True)
        found = json.loads(run.stdout)
    return {int(one["file"][:-3]) for one in found if one["code"] in ("wrong-type", "front-matter")}


def main():
    mistakes = []
    _, config = validator("config")
    with open(os.path.join(REPOSITORY, "zhi.yaml"), encoding="utf-8") as file:
        mistakes += [f"zhi.yaml: {error.message}" for error in config.iter_errors(load(file.read()))]
    for wrong in ["titel: x", "urls: {style: files}", "check: {broken-lnk: off}", "check: {stale_after: 2 years}", "nav: all", "graph: {local: one}"]:
        if config.is_valid(load(wrong)):
            mistakes.append(f"the schema of settings takes {wrong}")
    shown = subprocess.run([ZHI, "config", "--show", REPOSITORY], check=True, capture_output=True).stdout
    mistakes += [f"config --show: {error.message}" for error in config.iter_errors(load(shown))]

    schema, note = validator("note")
    count = 0
    for path, head in notes(os.path.join(REPOSITORY, "notes")):
        count += 1
        mistakes += [f"{path}: {list(error.path)} {error.message}" for error in note.iter_errors(head)]
    for key, values in USUAL.items():
        mistakes += [f"the schema refuses {key}: {value}" for value in values if not note.is_valid({key: load(value)})]
    usual = [value for values in USUAL.values() for value in values]
    cases = [(key, value) for key in schema["properties"] for value in usual + STRANGE]
    found = wrong_types(cases)
    mistakes += [f"the schema takes what zhi does not: {key}: {value}"
                 for number, (key, value) in enumerate(cases) if number in found and note.is_valid({key: load(value)})]
    for mistake in mistakes:
        print(mistake)
    print(f"{count} notes, {len(cases)} values, {len(found)} of them wrong, {len(mistakes)} mistakes")
    return 1 if mistakes or not found else 0


if __name__ == "__main__":
    sys.exit(main())
