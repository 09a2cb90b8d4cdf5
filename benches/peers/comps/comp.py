"""One comp of 1200 x 628 from two photographs and a product, as benches/comps.rs makes it, with what Python has for it:
numpy, OpenCV and scikit-image, on one core. Every loop over pixels is theirs. Prints the CPU time of each stage, twice:
each step at full size, as a script is written, and with the crate's own short cuts, which look at less where less shows
the same.

    python comp.py photograph photograph product
"""

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import sys
import time

import cv2
import numpy as np
from skimage import filters, measure, morphology

cv2.setNumThreads(1)

WIDTH, HEIGHT = 1200, 628
MAP = 192
RUNS = 15


class Sizes:
    """By how much the coarse detail, the scene out of focus and its reflection are made smaller, and how many pixels
    the shadows are worked out at."""

    def __init__(self, coarse, scene, mirror, shadow):
        self.coarse, self.scene, self.mirror, self.shadow = coarse, scene, mirror, shadow

    def at(self, sigma):
        """A blur at the size of the coarse detail, where the mean of some pixels is a blur already."""
        return (sigma**2 - (self.coarse**2 - 1) / 12) ** 0.5 / self.coarse


FULL_SIZE = Sizes(coarse=1, scene=1, mirror=1, shadow=None)
SHORT_CUTS = Sizes(coarse=2, scene=2, mirror=8, shadow=200)

TO_LMS = np.float32([[0.41222146, 0.53633255, 0.051445995], [0.2119035, 0.6806995, 0.10739696], [0.08830246, 0.28171885, 0.6299787]])
TO_LAB = np.float32([[0.21045426, 0.7936178, -0.004072047], [1.9779985, -2.4285922, 0.4505937], [0.025904037, 0.78277177, -0.80867577]])
FROM_LAB = np.linalg.inv(TO_LAB).astype(np.float32)
FROM_LMS = np.linalg.inv(TO_LMS).astype(np.float32)
STEPS = np.arange(256, dtype=np.float32) / 255
LINEAR = np.where(STEPS <= 0.04045, STEPS / 12.92, ((STEPS + 0.055) / 1.055) ** 2.4).astype(np.float32)


def smooth(t):
    t = np.clip(t, 0, 1)
    return t * t * (3 - 2 * t)


def blur(plane, sigma_x, sigma_y=None):
    return cv2.GaussianBlur(plane, (0, 0), sigma_x, sigmaY=sigma_y or sigma_x, borderType=cv2.BORDER_REPLICATE)


def smaller(plane, times):
    return cv2.resize(plane, None, fx=1 / times, fy=1 / times, interpolation=cv2.INTER_AREA) if times > 1 else plane


def to_lab(rgb):
    return cv2.transform(np.cbrt(cv2.transform(LINEAR[rgb], TO_LMS)), TO_LAB)


def to_rgb(lab):
    light = np.clip(cv2.transform(cv2.transform(lab, FROM_LAB) ** 3, FROM_LMS), 0, 1)
    encoded = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.rint(encoded * 255).astype(np.uint8)


def normed(plane):
    low, high = np.percentile(plane, [1, 99])
    return np.clip((plane - low) / max(high - low, 1e-6), 0, 1)


def barrier(plane):
    """Minimum barrier distance to the edge (MB+): sweeps row by row and column by column, there and back, three times."""
    distance = np.full_like(plane, np.inf)
    distance[[0, -1]], distance[:, [0, -1]] = 0, 0
    high, low = plane.copy(), plane.copy()

    def sweep(d, u, l, p):
        for y in range(1, len(p)):
            new_u, new_l = np.maximum(u[y - 1], p[y]), np.minimum(l[y - 1], p[y])
            better = new_u - new_l < d[y]
            d[y] = np.where(better, new_u - new_l, d[y])
            u[y], l[y] = np.where(better, new_u, u[y]), np.where(better, new_l, l[y])

    for _ in range(3):
        for turn in (lambda a: a, lambda a: a[::-1], lambda a: a.T, lambda a: a.T[::-1]):
            sweep(*(turn(a) for a in (distance, high, low, plane)))
    return distance


def residual(lab):
    total = 0
    for channel in cv2.split(cv2.resize(lab, (64, 64), interpolation=cv2.INTER_AREA)):
        spectrum = np.fft.fft2(channel)
        log = np.log(np.abs(spectrum) + 1e-6).astype(np.float32)
        rest = log - cv2.blur(log, (3, 3))
        total = total + np.abs(np.fft.ifft2(np.exp(rest + 1j * np.angle(spectrum)))) ** 2
    return cv2.resize(blur(total.astype(np.float32), 2.5), lab.shape[1::-1])


def rarity(lab):
    axes = np.float32([0.7, 2, 2])
    bins = np.stack([np.clip(lab[..., 0] * 8, 0, 7), np.clip((lab[..., 1] + 0.4) * 15, 0, 11), np.clip((lab[..., 2] + 0.4) * 15, 0, 11)], -1)
    index = bins.astype(np.int32) @ np.int32([144, 12, 1])
    used, place, counts = np.unique(index, return_inverse=True, return_counts=True)
    place = place.ravel()
    flat = lab.reshape(-1, 3)
    centers = np.stack([np.bincount(place, flat[:, i], len(used)) / counts for i in range(3)], 1) * axes
    apart = np.sqrt(((centers[:, None] - centers[None]) ** 2).sum(-1))
    return (apart @ (counts / counts.sum()))[place].reshape(lab.shape[:2]).astype(np.float32)


def read(rgb, sizes):
    """The map of interest, the subject, and where it is calm."""
    scale = 768 / max(rgb.shape[:2])
    if scale < 1:
        rgb = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    full = to_lab(rgb)
    long = max(full.shape[:2])
    size = tuple(round(side * MAP / long) for side in full.shape[1::-1])
    lab = cv2.resize(full, size, interpolation=cv2.INTER_AREA)
    half = cv2.resize(lab, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    walls = sum(weight * barrier(np.ascontiguousarray(half[..., i])) for i, weight in enumerate((1, 2, 2)))
    light = np.ascontiguousarray(full[..., 0])
    less = smaller(light, sizes.coarse)
    fine, coarse = light - blur(light, 1), blur(less, sizes.at(1.5)) - blur(less, sizes.at(4))
    energy = [blur(cv2.resize(plane**2, size, interpolation=cv2.INTER_AREA), 3) for plane in (fine, coarse)]
    focus = np.sqrt(energy[0]) * np.clip(np.sqrt(energy[0] / (energy[1] + 2e-5)) / 0.5, 0, 1.5)
    chroma, hue = np.hypot(lab[..., 1], lab[..., 2]), np.degrees(np.arctan2(lab[..., 2], lab[..., 1]))
    skin = ((np.abs(hue - 50) < 16) & (chroma > 0.03) & (chroma < 0.15) & (lab[..., 0] > 0.4) & (lab[..., 0] < 0.93)).astype(np.float32)
    maps = [(0.30, cv2.resize(walls, size)), (0.25, focus), (0.20, residual(lab)), (0.20, rarity(lab)), (0.05, skin)]
    total = sum(weight * normed(plane) for weight, plane in maps)
    y, x = np.mgrid[0 : size[1], 0 : size[0]]
    centred = np.exp(-(((x + 0.5) / size[0] - 0.5) ** 2 + ((y + 0.5) / size[1] - 0.5) ** 2) / (2 * 0.42**2))
    interest = blur((total * (0.55 + 0.45 * centred)).astype(np.float32), 3)
    interest = np.clip(interest / np.percentile(interest, 99.8), 0, 1)
    mask = morphology.opening(interest > max(filters.threshold_otsu(interest), 0.42), morphology.disk(2))
    labels = measure.label(mask)
    masses = np.bincount(labels.ravel(), interest.ravel())
    masses[0] = 0
    subject = np.isin(labels, np.flatnonzero(masses >= 0.25 * masses.max()) if masses.max() > 0 else [0])
    slopes = sum((weight / 4 * cv2.Sobel(np.ascontiguousarray(lab[..., i]), cv2.CV_32F, dx, dy)) ** 2 for i, weight in enumerate((1, 1.5, 1.5)) for dx, dy in ((1, 0), (0, 1)))
    l = np.ascontiguousarray(lab[..., 0])
    spread = np.maximum(blur(l * l, 6) - blur(l, 6) ** 2, 0)
    calm = np.exp(-blur(np.sqrt(slopes), 2.5) / 0.035 - spread / 0.12**2)
    # How far the view is, by fine over coarse detail at 256 px, and how clear the subject is.
    small = cv2.resize(light, tuple(side * 256 // long for side in full.shape[1::-1]), interpolation=cv2.INTER_AREA)
    less = smaller(small, sizes.coarse)
    openness = (small - blur(small, 1)).std() / max((blur(less, sizes.at(2)) - blur(less, sizes.at(8))).std(), 1e-4)
    within = interest[subject]
    clear = (within.mean() if within.size else 0) / (interest[~subject].mean() + 0.02)
    return interest, subject.astype(np.float32), calm, openness, clear


def crop(maps, ratio):
    """The best window of a shape: five sizes, every third place, by integral images."""
    interest, subject, calm = maps[:3]
    height, width = interest.shape
    sums = [cv2.integral(plane.astype(np.float32)) for plane in (subject * interest, interest, subject, calm * (1 - interest))]
    largest = (height * ratio, height) if width / height > ratio else (width, width / ratio)
    ys, xs = np.nonzero(subject)
    cx, cy = (xs.mean() / width, ys.mean() / height) if len(xs) else (0.5, 0.5)
    best = (-np.inf, None)
    for scale in (1, 0.92, 0.85, 0.78, 0.7):
        w, h = min(round(largest[0] * scale), width), min(round(largest[1] * scale), height)
        x = np.unique(np.append(np.arange(0, width - w, 3), width - w))[None]
        y = np.unique(np.append(np.arange(0, height - h, 3), height - h))[:, None]

        def area(table, x0, y0, x1, y1):
            return table[y1, x1] - table[y0, x1] - table[y1, x0] + table[y0, x0]

        inside = [area(table, x, y, x + w, y + h) for table in sums]
        strips = [(x > 0, (x, y, x + 2, y + h), 2 * h), (x + w < width, (x + w - 2, y, x + w, y + h), 2 * h), (y > 0, (x, y, x + w, y + 2), 2 * w), (y + h < height, (x, y + h - 2, x + w, y + h), 2 * w)]
        along = sum(inner * area(sums[1], *strip) / count for inner, strip, count in strips)
        px, py = (cx * width - x) / w, (cy * height - y) / h
        third = np.where(px < 0.5, 0.36, 0.64)
        placed = np.exp(-(((px - third) / 0.13) ** 2) - ((py - 0.52) / 0.2) ** 2)
        score = 1.6 * inside[0] / max(sums[0][-1, -1], 1e-6) + 0.5 * inside[1] / sums[1][-1, -1] - 1.2 * along + 0.45 * placed + 0.5 * inside[3] / (w * h) - 0.9 * (1 - scale)
        at = np.unravel_index(np.argmax(score), score.shape)
        if score[at] > best[0]:
            best = (score[at], (x[0, at[1]] / width, y[at[0], 0] / height, w / width, h / height))
    return best[1]


def clean(rgba):
    """A cut-out with a smooth edge that its own ground does not shine through."""
    alpha = rgba[..., 3].astype(np.float32) / 255
    soft = np.minimum(smooth((blur(alpha, 2) - 0.46) / 0.3), smooth(blur(alpha, 0.7) / 0.5))
    depth = cv2.distanceTransform((alpha >= 0.5).astype(np.uint8), cv2.DIST_L2, 3)
    core = (depth <= 3).astype(np.uint8)
    _, labels = cv2.distanceTransformWithLabels(core, cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL)
    colors = np.zeros((labels.max() + 1, 3), np.float32)
    colors[labels[core == 0]] = rgba[core == 0][:, :3]
    own = smooth(depth / 3.5)[..., None]
    # Parts too thin for a smooth edge keep their alpha.
    thin = cv2.distanceTransform((depth < 2.5).astype(np.uint8), cv2.DIST_L2, 3)
    soft = np.maximum(soft, alpha * smooth((thin - 4) / 2))
    clean = (colors[labels] * (1 - own) + rgba[..., :3] * own) / 255
    x, y, w, h = cv2.boundingRect((soft > 0.01).astype(np.uint8))
    return clean[y : y + h, x : x + w], soft[y : y + h, x : x + w]


def slope(light, weight):
    """How much lightness rises from left to right: a plane fitted to it."""
    y, x = np.mgrid[0 : light.shape[0], 0 : light.shape[1]].astype(np.float32)
    x, y = (x + 0.5) / light.shape[1] - 0.5, (y + 0.5) / light.shape[0] - 0.5
    axes = np.stack([np.ones_like(x), x, y], -1)[weight]
    return np.linalg.lstsq(axes, light[weight], rcond=None)[0][1]


def look(product):
    """Whether it stands, from which side it is lit, and the colours of its outline against three tones of paper."""
    colors, alpha = product
    stands = (alpha[int(0.93 * len(alpha)) :] >= 0.5).any(0).mean() >= 0.25
    scale = 64 / max(alpha.shape)
    small, inside = (cv2.resize(plane, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) for plane in product)
    light = slope(to_lab(np.rint(small * 255).astype(np.uint8))[..., 0], inside > 0.78) / 0.35
    depth = cv2.distanceTransform((alpha >= 0.5).astype(np.uint8), cv2.DIST_L2, 3)
    outline = to_lab(np.rint(colors[(depth >= 4) & (depth < 6)][None, ::3] * 255).astype(np.uint8))[0]
    tones = np.float32([[0.95, 0, 0.01], [0.5, 0.1, 0.1], [0.25, 0, -0.03]])
    relief = (np.linalg.norm(outline[:, None] - tones, axis=-1) > 0.18).mean(0)
    return stands, light, relief


def grade(lab, hues=(1.15, 0.78), k=0.75):
    l, a, b = cv2.split(lab)
    chroma, hue = np.hypot(a, b), np.arctan2(b, a)
    chromatic = smooth((chroma - 0.02) / 0.04)
    turns = np.stack([(to - hue + np.pi) % (2 * np.pi) - np.pi for to in hues])
    nearest = np.take_along_axis(turns, np.abs(turns).argmin(0)[None], 0)[0]
    degrees = np.degrees(np.abs(nearest))
    skin = 0.7 * (1 - smooth((np.abs(np.degrees(hue) - 52) - 16) / 8)) * smooth((chroma - 0.015) / 0.02) * (1 - smooth((chroma - 0.14) / 0.05))
    k_open = k * (1 - skin)
    hue = hue + nearest * 0.45 * k_open * chromatic * (1 - smooth((degrees - 30) / 30))
    chroma = chroma * (1 - 0.45 * k_open * chromatic * smooth((degrees - 45) / 60))
    dark, light = 0.9 * k_open * (1 - smooth((l - 0.12) / 0.5)), 0.9 * k_open * smooth((l - 0.5) / 0.4)
    lifted = l + 4 * l * (1 - l) * np.clip((0.58 - l.mean()) * 0.25 * k, -0.04, 0.04)
    return cv2.merge([lifted + 0.06 * k * (smooth(lifted) - lifted), chroma * np.cos(hue) + 0.01 * dark + 0.005 * light, chroma * np.sin(hue) + 0.02 * dark + 0.015 * light])


def defocus(lab, radius):
    light = np.maximum(cv2.transform(cv2.transform(lab, FROM_LAB) ** 3, FROM_LMS), 0)
    light = light * (1 + 0.5 * smooth((light @ np.float32([0.2126, 0.7152, 0.0722]) - 0.8) / 0.2))[..., None]
    disc = morphology.disk(int(radius)).astype(np.float32)
    light = np.minimum(cv2.filter2D(light, -1, disc / disc.sum(), borderType=cv2.BORDER_REPLICATE), 1)
    return cv2.transform(np.cbrt(cv2.transform(light, TO_LMS)), TO_LAB)


def shadows(alpha, light, long):
    """Contact, ambient and cast shadow along the lower outline, worked out so long."""
    scale = long / max(alpha.shape) if long else 1
    mask = cv2.resize(alpha, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    h, w = mask.shape
    side, above, below = int(0.45 * max(h, w)), int(0.45 * max(h, w)), int(0.25 * max(h, w))
    bottoms = np.where(mask.max(0) >= 0.5, h - 1 - np.argmax(mask[::-1] >= 0.5, 0), -h)
    y = np.arange(h - above, h + below, dtype=np.float32)[:, None]
    near = bottoms > np.percentile(bottoms, 98) - 0.16 * h
    line = np.where(near, 1 - smooth((np.abs(y - bottoms) - 0.012 * h) / (0.012 * h)), 0).astype(np.float32)
    line = np.pad(line, ((0, 0), (side, side)))
    dark = 1 - (1 - np.minimum(1.6 * blur(line, 0.010 * w, 0.006 * w), 1) * 0.8) * (1 - np.minimum(2.2 * blur(line, 0.045 * w, 0.020 * w), 1) * 0.55)
    x = np.arange(-side, w + side, dtype=np.float32)[None]
    z = (h - y) / 0.20
    cast = np.zeros_like(line)
    for start, end, sigma, strength in ((0, 0.35, 0.010, 0.55), (0.2, 0.7, 0.028, 0.46), (0.5, 1, 0.06, 0.34)):
        window = np.where(z >= 0, smooth((z / h - start + 0.1) / 0.1) * smooth((end - z / h) / 0.15), 0)
        mx, my = np.broadcast_arrays(x + light * z, h - z)
        band = window * cv2.remap(mask, mx.astype(np.float32), my.astype(np.float32), cv2.INTER_LINEAR, borderValue=0)
        cast = np.maximum(cast, strength * blur(band.astype(np.float32), sigma * w))
    dark = 1 - (1 - dark) * (1 - blur(cast, 0.008 * w))
    return cv2.resize(dark, None, fx=1 / scale, fy=1 / scale), side / scale, (above - h) / scale


def compose(photo, product, product_light, window, sizes):
    """The product on a table in front of the photograph out of focus."""
    colors, alpha = product
    x, y, w, h = window
    height, width = photo.shape[:2]
    part = photo[round(y * height) : round((y + h) * height), round(x * width) : round((x + w) * width)]
    rows, top = round(0.73 * HEIGHT), round(0.70 * HEIGHT)
    # Smaller than the photograph nothing is to be sharpened.
    size = (WIDTH // sizes.scene, rows // sizes.scene)
    shot = to_lab(cv2.resize(part, size, interpolation=cv2.INTER_AREA if size[0] < part.shape[1] else cv2.INTER_LANCZOS4))
    if size[0] > part.shape[1]:
        detail = shot[..., 0] - blur(np.ascontiguousarray(shot[..., 0]), 0.55 * size[0] / part.shape[1])
        shot[..., 0] += np.where(np.abs(detail) > 0.004, np.clip(0.7 * detail, -0.05, 0.05), 0)
    shot = grade(shot)
    # Where its light comes from, and whether it stands in the picture.
    small = cv2.resize(shot, (64, 64), interpolation=cv2.INTER_AREA)
    light = 0.65 * slope(blur(np.ascontiguousarray(small[..., 0]), 4), np.ones((64, 64), bool)) / 0.30 + 0.35 * product_light
    bright = cv2.transform(cv2.transform(small, FROM_LAB) ** 3, FROM_LMS) @ np.float32([0.2126, 0.7152, 0.0722]) > 0.85
    backlit = 0.002 <= bright.mean() <= 0.07 and measure.regionprops(bright.astype(np.uint8))[0].solidity > 0.7
    scene = defocus(shot, 0.012 * HEIGHT / sizes.scene)
    paper = np.float32([np.clip(0.93, scene[..., 0].mean() - 0.05, scene[..., 0].mean() + 0.26), 0.01, 0.02])
    small = cv2.resize(scene, (WIDTH // sizes.mirror, rows // sizes.mirror), interpolation=cv2.INTER_AREA)
    small = blur(small, 0.02 * HEIGHT / sizes.mirror)
    canvas = np.empty((HEIGHT, WIDTH, 3), np.float32)
    canvas[:rows] = cv2.resize(scene, (WIDTH, rows), interpolation=cv2.INTER_LINEAR)
    deep = (np.arange(HEIGHT - top, dtype=np.float32) / (HEIGHT - top))[:, None, None]
    reflection = small[(2 * top - HEIGHT) // sizes.mirror : top // sizes.mirror][::-1]
    mirrored = cv2.resize(reflection, (WIDTH, HEIGHT - top), interpolation=cv2.INTER_LINEAR)
    table = paper + np.float32([0.02, 0, 0]) - deep * np.float32([0.05, 0, 0])
    canvas[top:] = table + (mirrored - table) * 0.34 * (1 - smooth(deep / 0.8))
    noise = blur(np.random.default_rng(0).standard_normal((256, 256)).astype(np.float32), 0.7)
    grain = np.tile(noise / noise.std(), (3, 5))[:HEIGHT, :WIDTH]
    canvas[..., 0] += 0.004 * (0.5 + 2 * canvas[..., 0] * (1 - canvas[..., 0])) * grain
    # The text beside the product on the table: its colour by the 3rd and 97th percentile of the luminance there.
    window = canvas[top + 35 : HEIGHT - 35 : 5, round(0.55 * WIDTH) : WIDTH - 35 : 5]
    luminance = np.clip(cv2.transform(cv2.transform(window, FROM_LAB) ** 3, FROM_LMS), 0, 1) @ np.float32([0.2126, 0.7152, 0.0722])
    low, high = np.percentile(luminance, [3, 97])
    max(1.05 / (high + 0.05), (low + 0.05) / 0.05)
    # The product: shadows, then itself, with light from the ground round its edge.
    own_h, own_w = alpha.shape
    left, upper = round(0.33 * WIDTH - own_w / 2), round(0.85 * HEIGHT - own_h)
    dark, aside, above = shadows(alpha, 0.4 if backlit else max(abs(light), 0.25), sizes.shadow)
    sx, sy = round(left - aside), round(upper - above)
    x0, y0, x1, y1 = max(sx, 0), max(sy, 0), min(sx + dark.shape[1], WIDTH), min(sy + dark.shape[0], HEIGHT)
    under = canvas[y0:y1, x0:x1]
    amount = 0.88 * dark[y0 - sy : y1 - sy, x0 - sx : x1 - sx, None]
    canvas[y0:y1, x0:x1] = under + (under * np.float32([0.22, 0.7, 0.7]) - under) * amount
    out = to_rgb(canvas)
    ground = out[upper : upper + own_h, left : left + own_w].astype(np.float32) / 255
    depth = cv2.distanceTransform((alpha >= 0.5).astype(np.uint8), cv2.DIST_L2, 3)
    wrap = 0.176 * (1 - smooth(depth / 3.4))[..., None]
    lit = 1 - (1 - colors) * (1 - wrap * blur(ground, 0.03 * own_w))
    mixed = lit * alpha[..., None] + ground * (1 - alpha[..., None])
    out[upper : upper + own_h, left : left + own_w] = np.rint(mixed * 255)
    mask = np.full((HEIGHT, WIDTH), 255, np.uint8)
    mask[upper : upper + own_h, left : left + own_w] = 255 - np.rint(alpha * 255).astype(np.uint8)
    cv2.imencode(".png", mask, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    return out


def measure_stages(files, sizes):
    stages = ["decode", "read interest", "cut-out and plan", "compose", "encode"]
    least = [float("inf")] * len(stages)
    for _ in range(RUNS):
        marks = [time.process_time()]
        photos = [cv2.cvtColor(cv2.imread(file), cv2.COLOR_BGR2RGB) for file in files[:2]]
        rgba = cv2.cvtColor(cv2.imread(files[2], cv2.IMREAD_UNCHANGED), cv2.COLOR_BGRA2RGBA)
        marks.append(time.process_time())
        maps = [read(photo, sizes) for photo in photos]
        marks.append(time.process_time())
        product = clean(rgba)
        _, light, _ = look(product)
        # The shapes that are planned: two splits with two shares each, and the tabletop.
        windows = [[crop(map, ratio) for ratio in (1.03, 0.99, 1.03, 0.99, WIDTH / (0.73 * HEIGHT))] for map in maps]
        marks.append(time.process_time())
        out = compose(photos[0], product, light, windows[0][-1], sizes)
        marks.append(time.process_time())
        whole = [cv2.IMWRITE_JPEG_QUALITY, 90, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444]
        cv2.imencode(".jpg", cv2.cvtColor(out, cv2.COLOR_RGB2BGR), whole)
        marks.append(time.process_time())
        least = [min(known, after - before) for known, before, after in zip(least, marks, marks[1:])]
    for stage, took in zip(stages + ["all"], least + [sum(least)]):
        print(f"    {stage:18} {took * 1e3:>7.1f} ms")


for name, sizes in (("at full size", FULL_SIZE), ("with the same short cuts", SHORT_CUTS)):
    print(f"  {name}")
    measure_stages(sys.argv[1:], sizes)
