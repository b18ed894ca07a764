"""Which part of a labelled corpus a page belongs to: learned from, or kept for reporting alone. By a hash of its id, so that
neither order nor number of the pages shifts the cut."""
import hashlib


def is_reporting(page_id):
    return int(hashlib.sha1(page_id.encode()).hexdigest(), 16) % 10 < 3


def fold(page_id, folds):
    return int(hashlib.sha1(b"fold" + page_id.encode()).hexdigest(), 16) % folds
