#!/usr/bin/env python3
"""Learns what extract/ takes for an article's text from pages with a known truth, and writes the two tables it keeps.

    scripts/train/train.py PAGES TRUTH SELECTED

PAGES and TRUTH are folders of *.html[.gz] and *.json (ground_truth.main_content), as in WCXB; SELECTED is one of pages whose
truth selected_truth.py knows. Only those of the learning part (split.py) are read. What is printed is measured on pages that the
models did not see (five folds, all pages of a selected site in one); the tables written to src/extract are then learned from all
of the learning part. The second model learns from what the first said of pages that it had not seen. Needs python3-numpy and
python3-bs4.
"""
import gzip
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import numpy as np

from labels import f1, label_blocks
from selected_truth import selected_pages
from split import fold, is_reporting

ROOT = Path(__file__).resolve().parents[2]
DUMP = ROOT / "build/release/bin/dump_blocks"
BOOST = ROOT / "build/release/bin/boost"
FOLDS = 5
TREES = 120
TREES_AGAIN = 60
RATE = 0.12
# Selected pages are few, and stand for the scripts without spaces; shortened ones are many, and not real.
PAGE_WEIGHTS = {"selected": 3, "short selected": 1.5, "short article": 0.12}
LEAST_PAGES = 12  # that a name has to stand on


def run(command, stdin):
    return subprocess.run([str(part) for part in command], input=stdin, stdout=subprocess.PIPE, check=True).stdout


class Corpus:
    """The learning part: pages unpacked into a folder, their blocks, their labels."""

    def __init__(self, pages, truth, selected, folder):
        self.files, self.truths, self.folds, self.kinds, self.ids = [], [], [], [], []
        for path in sorted(Path(pages).glob("*.html*")):
            page_id = path.name.split(".")[0]
            if is_reporting(page_id):
                continue
            known = json.loads((Path(truth) / f"{page_id}.json").read_text(encoding="utf-8"))
            text = known["ground_truth"].get("main_content")
            if not text:
                continue
            data = path.read_bytes()
            data = gzip.decompress(data) if path.suffix == ".gz" else data
            kind = known["_internal"]["page_type"]["primary"]
            self.add(Path(folder) / f"{page_id}.html", data, text, page_id, kind)
        for name, site, data, text in selected_pages(Path(selected)):
            if not is_reporting(site):
                self.add(Path(folder) / f"{name}.html", data, text, site, "selected")
        self.listing = "".join(f"{name}\n" for name in self.files).encode()
        self.pages = [json.loads(line) for line in run([DUMP, "texts"], self.listing).splitlines()]
        self.labels = [np.array(label_blocks([text for text, _ in page["blocks"]], truth), dtype=np.float32)
                       for page, truth in zip(self.pages, self.truths)]
        self.weights = [np.array([weight for _, weight in page["blocks"]], dtype=np.float32) for page in self.pages]
        self.shorten()
        self.folds = np.array(self.folds)
        self.is_short = np.array([kind.startswith("short") for kind in self.kinds])
        self.page_of_row = np.repeat(np.arange(len(self.pages)), [len(label) for label in self.labels])
        self.fold_of_row = self.folds[self.page_of_row]

    def add(self, file, data, truth, group, kind):
        file.write_bytes(data)
        self.files.append(str(file))
        self.truths.append(truth)
        self.ids.append(file.stem)
        self.folds.append(fold(group, FOLDS))
        self.kinds.append(kind)

    def shorten(self):
        """Articles once more, cut to their beginning: a short one among as much else as stands around a long one. There are more of
        them on the web than among the pages to learn from."""
        listing, cuts = [], []
        for page in range(len(self.pages)):
            texts, labels, weights = [text for text, _ in self.pages[page]["blocks"]], self.labels[page], self.weights[page]
            good = np.flatnonzero(labels >= 0.5)
            if self.kinds[page] not in ("article", "selected") or len(good) < 6:
                continue
            room = 200 + int(hashlib.sha1(self.ids[page].encode()).hexdigest(), 16) % 800
            kept = good[:max(2, int(np.searchsorted(np.cumsum(weights[good]), room)))]
            left = good[len(kept):]
            if weights[left].sum() < weights[kept].sum():
                continue
            listing.append(f"{self.files[page]}\t" + ",".join(f"{at}-{at + 1}" for at in left) + "\n")
            cuts.append((page, left, " ".join(texts[at] for at in kept)))
        found = [json.loads(line) for line in run([DUMP, "texts"], "".join(listing).encode()).splitlines()]
        for line, shorter, (page, left, truth) in zip(listing, found, cuts):
            label = np.delete(self.labels[page], left)
            if len(shorter["blocks"]) != len(label):
                continue
            self.listing += line.encode()
            self.pages.append(shorter)
            self.labels.append(label)
            self.weights.append(np.array([weight for _, weight in shorter["blocks"]], dtype=np.float32))
            for own, value in ((self.truths, truth), (self.ids, self.ids[page]), (self.folds, self.folds[page]),
                               (self.kinds, "short " + self.kinds[page])):
                own.append(value)

    def row_weights(self):
        """A page counts as its kind does: a block by its part of the page's text, the true text's size being the measure."""
        rows = []
        for label, weight, kind in zip(self.labels, self.weights, self.kinds):
            scale = max(float((label * weight).sum()), 0.15 * float(weight.sum()), 1.0)
            rows.append(PAGE_WEIGHTS.get(kind, 1) * (np.minimum(100 * weight / scale, 25) + 0.1))
        return np.concatenate(rows).astype(np.float32)


def learn_names(corpus, chosen):
    """word -> weight, from the pages in `chosen`."""
    counts = defaultdict(list)
    for page, label, weight, take in zip(corpus.pages, corpus.labels, corpus.weights, chosen):
        if not take or not len(label):
            continue
        good = np.concatenate([[0], np.cumsum(label * weight)])
        every = np.concatenate([[0], np.cumsum(weight)])
        base = (good[-1] + 50) / (every[-1] + 100)
        spans = defaultdict(lambda: [0.0, 0.0])
        for begin, end, words in page["elements"]:
            for word in set(words.split()):
                spans[word][0] += good[end] - good[begin]
                spans[word][1] += every[end] - every[begin]
        for word, (yes, all_of_it) in spans.items():
            # Weighed by what stands under the name: a page's wrapper says as little as the page.
            share = (yes + 20 * base) / (all_of_it + 20)
            counts[word].append((share, base))
    names = {}
    for word, seen in counts.items():
        if len(seen) < LEAST_PAGES:
            continue
        share = (sum(s for s, _ in seen) + 1.0) / (len(seen) + 2.0)
        base = (sum(b for _, b in seen) + 1.0) / (len(seen) + 2.0)
        weight = np.log(share / (1 - share)) - np.log(base / (1 - base))
        weight *= len(seen) / (len(seen) + 8)
        if abs(weight) >= 0.4:
            names[word] = float(weight)
    return names


def by_hand():
    names = {}
    for line in (Path(__file__).parent / "names_by_hand.txt").read_text().splitlines():
        line = line.split("#")[0].split()
        if line:
            weight = float(line[0])
            names.update((word, weight) for word in line[1:])
    return names


def columns(corpus, data, count):
    tables, at = [], 0
    for label in corpus.labels:
        rows = int(np.frombuffer(data, np.uint32, 1, at)[0])
        assert rows == len(label)
        tables.append(np.frombuffer(data, np.float32, rows * count, at + 4).reshape(count, rows))
        at += 4 + 4 * rows * count
    return np.concatenate(tables, axis=1)


def features(corpus, names):
    with tempfile.TemporaryDirectory() as folder:
        words = Path(folder) / "names"
        words.write_text("".join(f"{word} {weight:.2f}\n" for word, weight in sorted(names.items())))
        return columns(corpus, run([DUMP, "features", words], corpus.listing), FIRST_RATED)


def rate_features(corpus, rates):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rates"
        file.write_bytes(rates.astype(np.float32).tobytes())
        return columns(corpus, run([DUMP, "features", "/dev/null", file], corpus.listing), len(FEATURES) - FIRST_RATED)


class Model:
    def __init__(self, table, labels, weights, trees, seed):
        data = [labels.astype(np.float32).tobytes(), weights.astype(np.float32).tobytes()]
        data += [np.ascontiguousarray(column, dtype=np.float32).tobytes() for column in table]
        text = run([BOOST, len(labels), len(table), trees, RATE, seed], b"".join(data)).decode().splitlines()
        self.bias = float(text[0])
        self.trees = []
        for line in text[1:]:
            parts = line.split()
            self.trees.append(([int(p) for p in parts[:5]], [float(p) for p in parts[5:10]], [int(p) for p in parts[10:]]))

    def rate(self, table):
        odds = np.full(table.shape[1], self.bias)
        for asked, thresholds, leaves in self.trees:
            leaf = np.zeros(table.shape[1], dtype=np.int64)
            for level, (feature, threshold) in enumerate(zip(asked, thresholds)):
                leaf |= (table[feature] > np.float32(threshold)).astype(np.int64) << level
            odds += np.array(leaves)[leaf] / 4096
        return 1 / (1 + np.exp(-odds))


def choose(rates, weights):
    """As block_model.cpp does before block_groups.cpp mends what was taken: see there."""
    order = np.argsort(-rates, kind="stable")
    if not len(order):
        return order
    rate, sizes = rates[order], np.cumsum(weights[order])
    ends = np.flatnonzero(np.diff(np.ceil(rate * 64), append=-1))
    hits, sizes = np.cumsum(rate * weights[order]), sizes[ends]
    apart = 2 * hits[ends] / (sizes + hits[-1])
    odds = rate[ends] - np.append(rate[ends][1:], 0)
    together = (2 * np.minimum.outer(sizes, sizes) / np.add.outer(sizes, sizes)) @ odds
    return np.sort(order[:ends[int(np.argmax(apart + together))] + 1])


def report(corpus, rates, name):
    scores, at = defaultdict(list), 0
    for i, (page, weight) in enumerate(zip(corpus.pages, corpus.weights)):
        mine = rates[at:at + len(weight)]
        at += len(weight)
        text = " ".join(page["blocks"][k][0] for k in choose(mine, weight))
        score = f1(text, corpus.truths[i])
        for kind in {corpus.kinds[i], "all" if not re.search("short|selected", corpus.kinds[i]) else corpus.kinds[i]}:
            scores[kind].append(score)
        corpus.scores[i] = score
    print(name, "  ".join(f"{kind} {np.mean(rows):.4f}" for kind, rows in sorted(scores.items())), flush=True)


def write_names(names):
    lines, line = [], "   "
    for word, weight in sorted(names.items()):
        if not 2 <= len(word) <= 16:
            continue
        entry = f' {{"{word}", {weight:.2f}F}},'
        if len(line) + len(entry) > 100:
            lines.append(line)
            line = "   "
        line += entry
    write("name_weights_data.hpp", '#include "extract/name_weights.hpp"',
          "inline constexpr NameWeights::Entry name_weights_data[] = {", [*lines, line], "};")


def number(value):
    text = f"{np.float32(value):.9g}"
    return (text if "." in text or "e" in text else text + ".0") + "F"


def trees_of(model, name):
    lines = [f"inline constexpr std::int32_t {name}_bias = {round(model.bias * 4096)};",
             f"inline constexpr BlockTree {name}s[] = {{"]
    for asked, thresholds, leaves in model.trees:
        lines.append(f"    {{{{{', '.join(map(str, asked))}}}, {{{', '.join(map(number, thresholds))}}}, "
                     f"{{{', '.join(map(str, leaves))}}}}},")
    return [*lines, "};"]


def write_models(first, second):
    write("block_model_data.hpp", '#include "extract/block_tree.hpp"',
          "// The numbers of features are their places in DANDELION_BLOCK_FEATURES.",
          [*trees_of(first, "first_tree"), *trees_of(second, "second_tree")], "")


def write(name, include, head, lines, tail):
    text = ["// SPDX-License-Identifier: MIT", "// Written by scripts/train/train.py; do not edit.", "#pragma once", "", include, "",
            "// clang-format off", "namespace dandelion {", "", head, *lines]
    text += [tail, ""] if tail else [""]
    text += ["}  // namespace dandelion", "// clang-format on", ""]
    (ROOT / "src/extract" / name).write_text("\n".join(text))


def main():
    pages, truth, selected = sys.argv[1:4]
    with tempfile.TemporaryDirectory() as folder:
        corpus = Corpus(pages, truth, selected, folder)
        corpus.scores = [0.0] * len(corpus.pages)
        print(f"{len(corpus.pages)} pages, {len(corpus.page_of_row)} blocks", flush=True)
        labels = np.concatenate(corpus.labels)
        weights = corpus.row_weights()
        hand = by_hand()
        rates, tables = np.zeros(len(labels), dtype=np.float32), []
        for held in range(FOLDS):
            tables.append(features(corpus, {**hand, **learn_names(corpus, ~corpus.is_short & (corpus.folds != held))}))
            seen = corpus.fold_of_row != held
            model = Model(tables[held][:, seen], labels[seen], weights[seen], TREES, held + 1)
            rates[~seen] = model.rate(tables[held][:, ~seen])
        report(corpus, rates, "not seen, first model:")
        rated = rate_features(corpus, rates)
        second = np.zeros(len(labels))
        for held in range(FOLDS):
            table = np.concatenate([tables[held], rated])
            seen = corpus.fold_of_row != held
            model = Model(table[:, seen], labels[seen], weights[seen], TREES_AGAIN, held + 31)
            second[~seen] = model.rate(table[:, ~seen])
        report(corpus, (rates + second) / 2, "not seen, both:       ")
        if "--scores" in sys.argv:
            for score, page_id, kind in sorted(zip(corpus.scores, corpus.ids, corpus.kinds))[:80]:
                print(f"{score:.3f} {page_id} {kind}")
        names = {**hand, **learn_names(corpus, ~corpus.is_short)}
        table = features(corpus, names)
        write_names(names)
        write_models(Model(table, labels, weights, TREES, 21),
                     Model(np.concatenate([table, rated]), labels, weights, TREES_AGAIN, 22))
        print(f"{len(names)} names written")


if __name__ == "__main__":
    FEATURES = run([DUMP, "list"], b"").decode().split()
    FIRST_RATED = FEATURES.index("rate")
    main()
