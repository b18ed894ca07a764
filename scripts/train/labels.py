"""Which blocks of a page its ground truth holds: the share of each block's words that the truth has in the same company."""
import re
from collections import Counter

WORD = re.compile(r"\w+")
# Scripts without spaces: every character is a word of its own.
WIDE = re.compile(r"([\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f])")
GRAM = 4


def words(text):
    return WORD.findall(WIDE.sub(r" \1 ", text.lower()))


def label_blocks(texts, truth):
    """One number from 0 to 1 for each of the blocks' texts."""
    truth_words = words(truth)
    grams = {tuple(truth_words[i:i + GRAM]) for i in range(len(truth_words) - GRAM + 1)}
    lines = Counter(tuple(words(line)) for line in re.split(r"\n|\|", truth))
    vocabulary = set(truth_words)
    stream, owner = [], []
    for index, text in enumerate(texts):
        for word in words(text):
            stream.append(word)
            owner.append(index)
    covered = [False] * len(stream)
    for i in range(len(stream) - GRAM + 1):
        if tuple(stream[i:i + GRAM]) in grams:
            covered[i:i + GRAM] = [True] * GRAM
    total = [0] * len(texts)
    hits = [0] * len(texts)
    for i, index in enumerate(owner):
        total[index] += 1
        hits[index] += covered[i]
    result = []
    for index, text in enumerate(texts):
        own = tuple(words(text)) if total[index] <= 12 else ()
        if own and lines.get(own):
            result.append(1.0)
        elif total[index] == 0:
            result.append(0.0)
        elif total[index] < GRAM and not all(word in vocabulary for word in own):
            result.append(0.0)
        else:
            result.append(hits[index] / total[index])
    return result


def f1(got, want):
    """The benchmark's own measure, bags of words in lower case; a character is a word in scripts without spaces."""
    got, want = words(got), words(want)
    if not got or not want:
        return float(not got and not want)
    overlap = sum((Counter(got) & Counter(want)).values())
    precision, recall = overlap / len(got), overlap / len(want)
    return 2 * precision * recall / (precision + recall) if overlap else 0.0
