#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes lstm_model.json and attention_model.json beside this file: two tiny language models and what
they compute, in NumPy and double precision, written independently of the engine. Influence is taken
by central differences, so it checks the engine's backward passes too.
"""
import json
from pathlib import Path

import numpy as np

RANDOM = np.random.default_rng(20240607)


def weight(*shape, scale=0.6, around=0.0):
    """Rounded to float, so that the engine reads the very same numbers."""
    return (around + scale * RANDOM.standard_normal(shape)).astype(np.float32).astype(float)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def lstm(model, x):
    """x: (T, E). Returns logits and what is recorded."""
    kept = {"gates": [], "cell": [], "hidden": []}
    width = model["hidden_size"]
    for layer in model["layers"]:
        h, c = np.zeros(width), np.zeros(width)
        gates, cells, hiddens = [], [], []
        for row in x:
            z = layer["input"] @ row + layer["input_bias"] + layer["recurrent"] @ h + layer["recurrent_bias"]
            i, f, g, o = (np.tanh(p) if k == 2 else sigmoid(p) for k, p in enumerate(np.split(z, 4)))
            c = f * c + i * g
            h = o * np.tanh(c)
            gates.append([i, f, g, o])
            cells.append(c)
            hiddens.append(h)
        kept["gates"].append(dict(zip(("input", "forget", "candidate", "output"), np.array(gates).swapaxes(0, 1))))
        kept["cell"].append(np.array(cells))
        kept["hidden"].append(np.array(hiddens))
        x = np.array(hiddens)
    head = model["head"] if len(model["head"]) else model["embedding"]
    return x @ head.T + model["head_bias"], kept


def layer_norm(x, gain, bias, epsilon):
    m = x.mean(axis=-1, keepdims=True)
    return (x - m) / np.sqrt(((x - m) ** 2).mean(axis=-1, keepdims=True) + epsilon) * gain + bias


def gelu(x):
    return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))


def attention(model, x, causal):
    """x: (T, D), embeddings before positions. Returns logits and what is recorded."""
    steps, width = x.shape
    heads = model["heads"]
    d = width // heads
    x = x + model["positions"][:steps]
    affinities = []
    for w in model["layers"]:
        n = layer_norm(x, w["attention_norm_gain"], w["attention_norm_bias"], model["epsilon"])
        q, k, v = np.split(n @ w["query_key_value"] + w["query_key_value_bias"], 3, axis=1)
        mixed, affinity = [], []
        for a in range(heads):
            s = slice(a * d, (a + 1) * d)
            scores = q[:, s] @ k[:, s].T / np.sqrt(d)
            if causal:
                scores[np.triu_indices(steps, 1)] = -np.inf
            affinity.append(softmax(scores))
            mixed.append(affinity[-1] @ v[:, s])
        affinities.append(affinity)
        x = x + np.concatenate(mixed, axis=1) @ w["projection"] + w["projection_bias"]
        n = layer_norm(x, w["feed_forward_norm_gain"], w["feed_forward_norm_bias"], model["epsilon"])
        x = x + gelu(n @ w["expand"] + w["expand_bias"]) @ w["contract"] + w["contract_bias"]
    x = layer_norm(x, model["final_norm_gain"], model["final_norm_bias"], model["epsilon"])
    head = model["head"] if len(model["head"]) else model["embedding"]
    return x @ head.T, {"affinity": affinities, "last_hidden": x}


def gradient_norms(forward, x):
    """(T, T): norm of the gradient of log p(best token at t) by the embedding read at i."""
    best = forward(x).argmax(axis=1)
    steps, width = x.shape
    step = 1e-5
    gradient = np.zeros((steps, steps, width))
    for i in range(steps):
        for e in range(width):
            p = []
            for sign in (1, -1):
                moved = x.copy()
                moved[i, e] += sign * step
                p.append(np.log(softmax(forward(moved)))[np.arange(steps), best])
            gradient[:, i, e] = (p[0] - p[1]) / (2 * step)
    return np.linalg.norm(gradient, axis=2)


def plain(value):
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [plain(v) for v in value]
    return float(f"{value:.10g}") if isinstance(value, float) else value


def write(name, model, expected):
    text = json.dumps(plain({"model": model, "expected": expected}), separators=(",", ":"))
    (Path(__file__).parent / name).write_text(text + "\n")


def make_lstm():
    vocabulary, embedding, width, layers = 7, 3, 4, 2
    model = {
        "hidden_size": width,
        "embedding": weight(vocabulary, embedding),
        "layers": [
            {
                "input": weight(4 * width, width if l else embedding),
                "recurrent": weight(4 * width, width),
                "input_bias": weight(4 * width),
                "recurrent_bias": weight(4 * width),
            }
            for l in range(layers)
        ],
        "head": weight(vocabulary, width),
        "head_bias": weight(vocabulary),
        "tokens": [3, 0, 6, 3, 1],
    }
    x = model["embedding"][model["tokens"]]
    logits, expected = lstm(model, x)
    expected |= {"logits": logits, "gradient_norms": gradient_norms(lambda e: lstm(model, e)[0], x)}
    write("lstm_model.json", model, expected)


def make_attention():
    vocabulary, width, heads, layers, context = 7, 6, 2, 2, 5
    model = {
        "heads": heads,
        "epsilon": 1e-5,
        "embedding": weight(vocabulary, width),
        "positions": weight(context, width),
        "layers": [
            {
                "attention_norm_gain": weight(width, scale=0.2, around=1.0),
                "attention_norm_bias": weight(width, scale=0.2),
                "query_key_value": weight(width, 3 * width),
                "query_key_value_bias": weight(3 * width),
                "projection": weight(width, width),
                "projection_bias": weight(width),
                "feed_forward_norm_gain": weight(width, scale=0.2, around=1.0),
                "feed_forward_norm_bias": weight(width, scale=0.2),
                "expand": weight(width, 4 * width),
                "expand_bias": weight(4 * width),
                "contract": weight(4 * width, width),
                "contract_bias": weight(width),
            }
            for _ in range(layers)
        ],
        "final_norm_gain": weight(width, scale=0.2, around=1.0),
        "final_norm_bias": weight(width, scale=0.2),
        "head": [],
        "tokens": [3, 0, 6, 3, 1],
    }
    x = model["embedding"][model["tokens"]]
    expected = {}
    for name, causal in (("causal", True), ("full", False)):
        logits, kept = attention(model, x, causal)
        norms = gradient_norms(lambda e: attention(model, e, causal)[0], x)
        expected[name] = kept | {"logits": logits, "gradient_norms": norms}
    write("attention_model.json", model, expected)


make_lstm()
make_attention()
