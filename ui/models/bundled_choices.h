// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/bundled_models.h"
#include "engine/model/model.h"

#include <QString>

#include <string>
#include <vector>

namespace timestep {

/// One of several things to choose from, with what it is for.
struct ExplainedItem
{
    QString name; // by which it is asked for
    QString title; // in few words
    QString sentence;
};

/// The pairs that come with the program; none where their index is broken, which is told when
/// models are opened.
std::vector<ExplainedItem> pairItems();

/// The models of this kind that come with the program and read this vocabulary.
std::vector<ExplainedItem> modelItems(ModelKind kind, const Vocabulary& vocabulary);

/// The pair that these models are; null where they are none that comes with the program.
const BundledPair* bundledPairOf(const ModelPair& models);

/// Whether models of this vocabulary read a text as the pair of this name does.
bool readsAs(const Vocabulary& vocabulary, const std::string& pair);

} // namespace timestep
