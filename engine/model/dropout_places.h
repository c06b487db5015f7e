// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace timestep {

// Where numbers are dropped in training, numbered within a model (Srivastava et al., "Dropout: a
// simple way to prevent neural networks from overfitting", 2014).

// An LSTM, as Zaremba, Sutskever and Vinyals, arXiv:1409.2329, and PyTorch's nn.LSTM: between
// layers, and nothing of what a layer hands to its own next step.
constexpr int dropoutOfLayerInput(int layer) { return layer; } // embedding or hidden states below
constexpr int dropoutOfHead(int layers) { return layers; } // last hidden states

// GPT-2; of its affinities nothing is dropped, which GPT-2 would: no T × T of them ever exists.
constexpr int dropoutOfEmbedding = 0; // embedding + position
constexpr int dropoutOfProjection(int layer) { return 2 * layer + 1; } // added to the residuals
constexpr int dropoutOfContraction(int layer) { return 2 * layer + 2; } // likewise

} // namespace timestep
