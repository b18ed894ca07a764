#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Draws the demo newspaper's pictures: draw_pictures.py [FOLDER]. Flat shapes, few colours, the same bytes every time."""
import math
import pathlib
import random
import struct
import sys
import zlib

WIDTH, HEIGHT, SAMPLES = 1200, 675, 2


class Canvas:
    """An RGB picture at twice its size, which saving halves: smooth edges without a library."""

    def __init__(self, top, bottom):
        self.w, self.h = WIDTH * SAMPLES, HEIGHT * SAMPLES
        self.rows = []
        steps = 24  # bands, not a fine gradient: they compress
        for y in range(self.h):
            t = (y * steps // self.h) / (steps - 1)
            color = bytes(round(a + (b - a) * t) for a, b in zip(top, bottom))
            self.rows.append(bytearray(color * self.w))

    def span(self, y, left, right, color):
        if 0 <= y < self.h:
            left, right = max(0, int(left)), min(self.w, int(right))
            if right > left:
                self.rows[y][left * 3:right * 3] = bytes(color) * (right - left)

    def rectangle(self, x, y, w, h, color):
        for row in range(int(y * SAMPLES), int((y + h) * SAMPLES)):
            self.span(row, x * SAMPLES, (x + w) * SAMPLES, color)

    def ellipse(self, x, y, rx, ry, color):
        x, y, rx, ry = (v * SAMPLES for v in (x, y, rx, ry))
        for row in range(int(y - ry), int(y + ry) + 1):
            inside = 1 - ((row + 0.5 - y) / ry) ** 2
            if inside > 0:
                half = rx * math.sqrt(inside)
                self.span(row, x - half, x + half, color)

    def polygon(self, points, color):
        points = [(x * SAMPLES, y * SAMPLES) for x, y in points]
        for row in range(int(min(y for _, y in points)), int(max(y for _, y in points)) + 1):
            middle, crossings = row + 0.5, []
            for (x1, y1), (x2, y2) in zip(points, points[1:] + points[:1]):
                if (y1 <= middle) != (y2 <= middle):
                    crossings.append(x1 + (middle - y1) / (y2 - y1) * (x2 - x1))
            crossings.sort()
            for left, right in zip(crossings[::2], crossings[1::2]):
                self.span(row, left, right, color)

    def line(self, x1, y1, x2, y2, width, color):
        length = math.hypot(x2 - x1, y2 - y1) or 1
        dx, dy = (y2 - y1) / length * width / 2, (x1 - x2) / length * width / 2
        self.polygon([(x1 + dx, y1 + dy), (x2 + dx, y2 + dy), (x2 - dx, y2 - dy), (x1 - dx, y1 - dy)], color)

    def save(self, path):
        raw = bytearray()
        for y in range(0, self.h, SAMPLES):
            raw.append(0)
            a, b = self.rows[y], self.rows[y + 1]
            for x in range(0, self.w * 3, 6):
                for c in range(3):
                    raw.append((a[x + c] + a[x + 3 + c] + b[x + c] + b[x + 3 + c] + 2) // 4)

        def chunk(kind, data):
            return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
        path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(raw), 9)) +
                         chunk(b"IEND", b""))


def lighthouse():
    c = Canvas((244, 196, 140), (250, 232, 200))
    c.ellipse(300, 330, 90, 90, (252, 246, 222))
    c.rectangle(0, 430, WIDTH, 245, (52, 104, 128))
    for i, (y, inset) in enumerate([(446, 90), (474, 30), (508, 120), (548, 10), (600, 160)]):
        c.rectangle(210 - inset / 2 + i * 12, y, 180 + inset, 5, (250, 222, 170))
    c.polygon([(700, 470), (790, 425), (980, 415), (1200, 440), (1200, 675), (640, 675)], (60, 66, 78))
    c.polygon([(640, 675), (700, 560), (860, 600), (1000, 675)], (46, 52, 62))
    c.polygon([(862, 430), (882, 190), (948, 190), (968, 430)], (245, 240, 230))
    for y in (380, 300, 230):
        inset = (430 - y) * 20 / 240
        c.polygon([(862 + inset, y), (968 - inset, y), (970 - inset, y + 36), (860 + inset, y + 36)], (196, 72, 60))
    c.rectangle(872, 178, 86, 12, (46, 52, 62))
    c.rectangle(890, 132, 50, 46, (255, 226, 130))
    c.polygon([(880, 132), (915, 100), (950, 132)], (196, 72, 60))
    c.polygon([(890, 148), (520, 96), (520, 190), (890, 164)], (253, 238, 196))
    c.polygon([(180, 520), (360, 520), (330, 556), (212, 556)], (46, 52, 62))
    c.polygon([(262, 512), (262, 400), (346, 512)], (245, 240, 230))
    c.polygon([(254, 512), (254, 420), (200, 512)], (228, 214, 190))
    return c


def dandelion():
    c = Canvas((120, 178, 190), (214, 232, 214))
    c.polygon([(0, 560), (400, 520), (800, 560), (1200, 510), (1200, 675), (0, 675)], (92, 140, 86))
    c.polygon([(0, 610), (500, 590), (1200, 620), (1200, 675), (0, 675)], (70, 112, 70))
    rnd = random.Random(3)

    def seed(x, y, size, angle):
        tip_x, tip_y = x + math.cos(angle) * size, y + math.sin(angle) * size
        c.line(x, y, tip_x, tip_y, 2, (250, 250, 244))
        for spread in (-0.9, -0.45, 0, 0.45, 0.9):
            c.line(tip_x, tip_y, tip_x + math.cos(angle + spread) * size * 0.5, tip_y + math.sin(angle + spread) * size * 0.5,
                   2, (250, 250, 244))
        c.ellipse(x, y, 4, 4, (112, 84, 60))

    c.line(330, 330, 380, 675, 9, (84, 124, 66))
    for i in range(46):
        seed(330 + math.cos(i * 2.4) * 12, 320 + math.sin(i * 2.4) * 12, 66 + i % 3 * 16, i * 2.399963)
    c.ellipse(330, 320, 26, 26, (170, 150, 110))
    for i in range(17):
        x = 500 + i * 40 + rnd.random() * 40
        y = 330 - i * 14 + rnd.random() * 150 - 40
        seed(x, y, 34 - i * 0.6, -0.9 + rnd.random() * 0.5)
    return c


def shelves():
    c = Canvas((96, 68, 54), (72, 50, 40))
    palette = [(186, 82, 62), (222, 170, 90), (88, 128, 122), (232, 214, 182), (62, 82, 110), (150, 110, 80), (120, 60, 66)]
    rnd = random.Random(11)
    for shelf in range(3):
        floor = 200 + shelf * 212
        c.rectangle(0, floor, WIDTH, 18, (58, 38, 30))
        x = 24
        while x < 1170:
            w, h = rnd.choice([26, 34, 42, 54]), rnd.randint(118, 172)
            if rnd.random() < 0.09:
                x += 50
                continue
            color = rnd.choice(palette)
            c.rectangle(x, floor - h, w, h, color)
            band = tuple(max(0, v - 40) for v in color)
            c.rectangle(x, floor - h + 18, w, 6, band)
            c.rectangle(x, floor - 34, w, 6, band)
            x += w + 3
    c.polygon([(980, 675), (1040, 40), (1056, 40), (1000, 675)], (204, 160, 104))
    c.polygon([(1120, 675), (1140, 40), (1156, 40), (1142, 675)], (204, 160, 104))
    for y in range(90, 660, 64):
        left = 1050 - (y - 40) * 60 / 635
        c.rectangle(left, y, 1148 - left, 9, (204, 160, 104))
    return c


def bridge():
    c = Canvas((176, 204, 214), (238, 226, 206))
    c.polygon([(0, 380), (240, 280), (460, 370), (700, 260), (980, 360), (1200, 300), (1200, 470), (0, 470)], (138, 162, 156))
    c.rectangle(0, 450, WIDTH, 225, (84, 130, 142))
    for y, left, wide in [(486, 120, 240), (520, 620, 320), (560, 240, 200), (604, 760, 280), (640, 80, 260)]:
        c.rectangle(left, y, wide, 5, (176, 204, 206))
    c.polygon([(0, 330), (600, 250), (1200, 330), (1200, 470), (0, 470)], (150, 116, 92))
    for i, x in enumerate((150, 450, 750, 1050)):
        lift = 20 if i in (1, 2) else 0
        c.ellipse(x, 470, 112, 118 + lift, (84, 130, 142))
        c.ellipse(x, 470, 112, 60, (60, 98, 110))
    c.polygon([(0, 322), (600, 242), (1200, 322), (1200, 340), (600, 260), (0, 340)], (112, 84, 68))
    for x in range(20, 1200, 60):
        y = 322 - 80 * (1 - abs(x - 600) / 600)
        c.rectangle(x, y - 26, 8, 30, (112, 84, 68))
    c.rectangle(0, 470, WIDTH, 6, (176, 204, 206))
    return c


def radio():
    c = Canvas((226, 208, 180), (206, 180, 148))
    c.rectangle(0, 520, WIDTH, 155, (132, 92, 66))
    c.rectangle(0, 520, WIDTH, 8, (104, 70, 50))
    c.polygon([(300, 500), (300, 250), (340, 210), (900, 210), (940, 250), (940, 500)], (118, 66, 44))
    c.rectangle(316, 500, 60, 28, (84, 46, 32))
    c.rectangle(864, 500, 60, 28, (84, 46, 32))
    c.ellipse(480, 360, 124, 124, (76, 44, 34))
    for i in range(-5, 6):
        half = math.sqrt(max(0, 112 ** 2 - (i * 20) ** 2))
        c.rectangle(480 - half, 356 + i * 20, half * 2, 8, (204, 170, 120))
    c.rectangle(640, 256, 250, 96, (250, 232, 186))
    for i in range(12):
        c.rectangle(656 + i * 19, 272 if i % 3 == 0 else 284, 4, 56 if i % 3 == 0 else 32, (132, 92, 66))
    c.rectangle(742, 262, 5, 84, (196, 72, 60))
    for x in (690, 840):
        c.ellipse(x, 424, 44, 44, (60, 36, 28))
        c.ellipse(x, 424, 32, 32, (204, 170, 120))
        c.rectangle(x - 3, 394, 6, 26, (60, 36, 28))
    c.line(900, 210, 1040, 70, 6, (84, 84, 88))
    c.ellipse(1040, 70, 9, 9, (84, 84, 88))
    c.rectangle(120, 440, 110, 88, (88, 128, 122))
    c.ellipse(175, 440, 55, 14, (66, 100, 96))
    c.line(228, 470, 262, 470, 10, (88, 128, 122))
    c.line(262, 466, 262, 500, 10, (88, 128, 122))
    c.line(262, 500, 228, 504, 10, (88, 128, 122))
    return c


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent / "site" / "pictures")
    folder.mkdir(parents=True, exist_ok=True)
    for draw in (lighthouse, dandelion, shelves, bridge, radio):
        draw().save(folder / f"{draw.__name__}.png")


if __name__ == "__main__":
    main()
