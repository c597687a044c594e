#!/usr/bin/env python3
"""Holds the notes against what they promise, with the real tools.

Every note of coverage.yaml exists and holds its kinds of elements; every Kubernetes
manifest is valid against the API schemas of the newest release (package
kubernetes-validate) unless its block is marked `{fragment}`; all YAML and JSON parses; Go
passes gofmt, shell passes `bash -n`; every note has at least six links and is linked to.

    python tests/notes/proof.py [NOTES]
"""
import json
import os
import re
import subprocess
import sys

import kubernetes_validate
import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
NOTES = sys.argv[1] if len(sys.argv) > 1 else os.path.join(HERE, "..", "..", "notes")
MIN_LINKS = 6
FENCE = re.compile(r"^(\s*(?:> ?)*)(`{3,}|~{3,})\s*(.*)$")
# Groups that the API server itself serves; other groups have no schema in the package.
BUILT_IN = re.compile(r"^(v1|[a-z]+/v\d+\w*|[a-z.]+\.k8s\.io/v\d+\w*)$")
NOT_BUILT_IN = re.compile(r"^(kubelet\.config|kubeadm|kubeproxy\.config|audit|apiserver\.config|apiserver|"
                          r"gateway\.networking|metrics|snapshot\.storage|kubescheduler\.config|"
                          r"pod-security\.admission\.config|client\.authentication|autoscaling\.k8s|custom\.metrics)")


class UniqueKeys(yaml.SafeLoader):
    """YAML whose maps may not hold a key twice."""

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, "the key %r stands twice" % key, key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


def blocks(text):
    """(language, info, line, code) of every fenced block."""
    fence = None
    for number, line in enumerate(text.split("\n"), 1):
        found = FENCE.match(line)
        if fence is None and found:
            fence = (found[2], found[3], number, len(found[1]), [])
        elif fence and found and found[2].startswith(fence[0]) and not found[3]:
            info = fence[1]
            language = re.split(r"[\s{,:]", info)[0].lower()
            yield language, info, fence[2], "\n".join(fence[4]) + "\n"
            fence = None
        elif fence:
            fence[4].append(line[fence[3]:])


def run(argv, code):
    result = subprocess.run(argv, input=code, text=True, capture_output=True)
    return "" if result.returncode == 0 else (result.stderr or result.stdout).strip()[:300]


def yaml_problem(code, is_fragment):
    if "{{" in code:
        return ""
    try:
        documents = [d for d in yaml.load_all(code, UniqueKeys) if d is not None]
    except yaml.YAMLError as error:
        return " ".join(str(error).split())[:300]
    for document in documents:
        problem = "" if is_fragment else manifest_problem(document)
        if problem:
            return problem
    return ""


def manifest_problem(document):
    if not (isinstance(document, dict) and "apiVersion" in document and "kind" in document):
        return ""
    api = str(document["apiVersion"])
    if not BUILT_IN.match(api) or NOT_BUILT_IN.match(api) or document["kind"] == "List":
        return ""
    try:
        kubernetes_validate.validate(document, kubernetes_validate.latest_version(), strict=True)
    except kubernetes_validate.ValidationError as error:
        return "%s %s: %s" % (api, document["kind"], error.message[:300])
    except kubernetes_validate.SchemaNotFoundError:
        return "%s %s: no such kind in the newest release" % (api, document["kind"])
    return ""


def code_problem(language, info, code):
    if "check=false" in info:
        return ""
    if language in ("yaml", "yml"):
        return yaml_problem(code, "{fragment}" in info)
    if language == "json":
        try:
            json.loads(code)
        except ValueError as error:
            return str(error)
    if language == "go":
        return run(["gofmt", "-e"], code) or ("is not formatted" if formatted(code) != code else "")
    if language in ("bash", "sh", "shell"):
        return run(["bash", "-n"], code)
    return ""


def formatted(code):
    return subprocess.run(["gofmt"], input=code, text=True, capture_output=True).stdout


def kinds(text):
    """Which kinds of elements a note holds."""
    found = {"table"} if re.search(r"^\|[-: |]+\|$", text, re.M) else set()
    if re.search(r"^- \[[ x]\] ", text, re.M):
        found.add("tasks")
    for language, _, _, _ in blocks(text):
        found.add("code")
        found |= {"mermaid": {"diagram"}, "yaml": {"yaml"}, "yml": {"yaml"}, "go": {"go"}, "console": {"console"},
                  "bash": {"console"}, "shell": {"console"}}.get(language, set())
    return found


def links(text):
    prose = re.sub(r"(?ms)^(`{3,}|~{3,}).*?^\1", "", text)
    prose = re.sub(r"`[^`\n]*`", "", prose)
    return {re.split(r"\\?\||#", target)[0].split("/")[-1] for target in re.findall(r"\[\[([^\]]+)\]\]", prose)}


def main():
    passed, failures = 0, []

    def hold(name, problem):
        nonlocal passed
        if problem:
            failures.append("%s: %s" % (name, problem))
        else:
            passed += 1

    with open(os.path.join(HERE, "coverage.yaml"), encoding="utf-8") as file:
        coverage = yaml.safe_load(file)
    texts = {}
    for folder, _, names in os.walk(NOTES):
        for name in names:
            if name.endswith(".md"):
                path = os.path.join(folder, name)
                with open(path, encoding="utf-8") as file:
                    texts[os.path.relpath(path, NOTES)] = file.read()
    linked = set()
    for path, text in texts.items():
        linked |= links(text) - {os.path.basename(path)[:-3]}
        for language, info, line, code in blocks(text):
            hold("%s:%d: %s" % (path, line, language), code_problem(language, info, code))
    for area, entries in coverage.items():
        for entry, wanted in entries.items():
            path = os.path.join(area, entry + ".md")
            text = texts.get(path)
            hold(path, "" if text else "the note is missing")
            if not text:
                continue
            missing = [kind for kind in wanted if kind not in kinds(text)]
            hold(path, "lacks: " + ", ".join(missing) if missing else "")
            hold(path, "" if len(links(text) - {entry}) >= MIN_LINKS else "has fewer than %d links" % MIN_LINKS)
            hold(path, "" if entry in linked else "no note links to it")
    for failure in failures:
        print(failure)
    print("%d passed, %d failed" % (passed, len(failures)))
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
