#!/usr/bin/env python3
"""Measures zhi, and Hugo beside it where it is installed, on the same notes.

    tests/speed/measure.py ZHI [--notes 1000] [--runs 3]

Prints processor seconds (user and system) of whole runs, their largest memory, and the
ratio to Hugo in this same run: only the ratios mean something on another machine. Then the
times from saving a file to its page being served. Linux only.
"""

import argparse
import http.client
import os
import shutil
import socket
import statistics
import subprocess
import tempfile
import time
import urllib.parse

import corpus

HUGO_LAYOUTS = {
    "_default/baseof.html": '<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>{{ .Title }}</title></head>'
    '<body><nav>{{ range .Site.Sections }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}</nav>{{ block "main" . }}{{ end }}</body></html>',
    "_default/single.html": '{{ define "main" }}<h1>{{ .Title }}</h1>{{ .TableOfContents }}{{ .Content }}'
    '{{ range .GetTerms "tags" }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}{{ end }}',
    "_default/list.html": '{{ define "main" }}<h1>{{ .Title }}</h1>{{ range .Pages }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}{{ end }}',
}


def run(command):
    """Processor seconds and megabytes of one run."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit("failed: %s" % " ".join(command))
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def hugo_site(folder, total):
    corpus.write(folder + "/content", total, plain=True)
    with open(folder + "/hugo.toml", "w", encoding="utf-8") as file:
        file.write('baseURL = "https://notes.example/"\ntitle = "notes"\nhasCJKLanguage = true\n[markup.highlight]\nnoClasses = false\n')
    for name, text in HUGO_LAYOUTS.items():
        path = os.path.join(folder, "layouts", name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)


def touch_a_note(notes):
    path = os.path.join(notes, corpus.AREAS[1], corpus.name(1) + ".md")
    with open(path, "a", encoding="utf-8") as file:
        file.write("\n又改了一次。\n")


def builds(zhi, work, total, runs):
    """The kinds of builds by name, each with its runs; the tools take turns."""
    notes, out = work + "/site/notes", work + "/out"
    build = [zhi, "build", work + "/site", "--output", out]
    hugo = shutil.which("hugo")
    if hugo:
        hugo_site(work + "/hugo", total)
    rows = {}
    for _ in range(runs):
        shutil.rmtree(out, ignore_errors=True)
        rows.setdefault("zhi, all new", []).append(run(build))
        rows.setdefault("zhi, nothing changed", []).append(run(build))
        touch_a_note(notes)
        rows.setdefault("zhi, one note changed", []).append(run(build))
        if hugo:
            shutil.rmtree(work + "/hugo-out", ignore_errors=True)
            rows.setdefault("hugo, all new", []).append(run([hugo, "-s", work + "/hugo", "-d", work + "/hugo-out", "--quiet", "--noBuildLock"]))
    return rows


def report(rows):
    middle = {name: [statistics.median(column) for column in zip(*runs)] for name, runs in rows.items()}
    rival = middle.get("hugo, all new")
    for name, (cpu, memory) in middle.items():
        ratio = "  %.2f of its time, %.2f of its memory" % (cpu / rival[0], memory / rival[1]) if rival and rival is not middle[name] else ""
        print("%-24s %7.2f s %6.0f MB%s" % (name, cpu, memory, ratio))


class Served:
    """The site as `zhi serve` shows it."""

    def __init__(self, zhi, site):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen([zhi, "serve", site, "--port", str(self.port)], **quiet)
        start = time.monotonic()
        while self.get("/index.html")[0] != 200:
            time.sleep(0.01)
        self.start = time.monotonic() - start

    def get(self, path):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            connection.request("GET", urllib.parse.quote(path))
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except OSError:
            return 0, ""

    def cpu(self):
        with open("/proc/%d/stat" % self.process.pid, encoding="utf-8") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def until(self, is_there):
        """Milliseconds from now until something holds."""
        start = time.monotonic()
        while not is_there():
            if time.monotonic() - start > 30:
                raise SystemExit("the server does not show what was saved")
            time.sleep(0.002)
        return (time.monotonic() - start) * 1000


def edits(zhi, work, total):
    """Times from saving to seeing, by kind of edit."""
    site = work + "/site"
    served = Served(zhi, site)
    print("first page after %.2f s" % served.start)
    file = lambda n: os.path.join(site, "notes", corpus.AREAS[n % len(corpus.AREAS)], corpus.name(n) + ".md")
    page = lambda n: "/%s/%s.html" % (corpus.AREAS[n % len(corpus.AREAS)], corpus.name(n))

    def change(n, old, new):
        with open(file(n), encoding="utf-8") as source:
            text = source.read()
        with open(file(n), "w", encoding="utf-8") as target:
            target.write(text.replace(old, new, 1))

    def body(n):
        change(n, "。\n", "。改了 %d 次。\n" % n)
        return lambda: "改了 %d 次" % n in served.get(page(n))[1]

    def title(n):
        change(n, "title: ", "title: 新名 %d " % n)
        return lambda: "新名 %d" % n in served.get(page(n))[1]

    def tag(n):
        change(n, "tags: [", "tags: [new-%d, " % n)
        return lambda: served.get("/tags/new-%d.html" % n)[0] == 200

    def delete(n):
        os.remove(file(n))
        return lambda: served.get(page(n))[0] == 404

    try:
        for kind in (body, title, tag, delete):
            times, before = [], served.cpu()
            for n in range(1, 21):
                seen = kind(n * (total // 25))
                times.append(served.until(seen))
                time.sleep(0.1)
            cpu = (served.cpu() - before) / 20 * 1000
            print("%-8s %6.1f ms, the slowest of 20 %6.1f ms; %5.1f ms of processor" % (kind.__name__, statistics.median(times), max(times), cpu))
    finally:
        served.process.terminate()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("zhi")
    parser.add_argument("--notes", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        corpus.write(work + "/site/notes", given.notes)
        report(builds(os.path.abspath(given.zhi), work, given.notes, given.runs))
        edits(os.path.abspath(given.zhi), work, given.notes)


if __name__ == "__main__":
    main()
