// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/run.h"
#include "engine/text/vocabulary.h"

#include <cmath>
#include <memory>
#include <string>
#include <vector>

namespace timestep {

/// A finished run of an LSTM over a text of words; equal words are equal tokens. Its gates are
/// numbers without meaning, all different, and its states follow from them as an LSTM's do. Its
/// model counts as trained unless told.
inline std::shared_ptr<const Run> runWithGates(const std::vector<std::string>& words, int layers,
    int units, const std::string& origin = "models/a")
{
    auto model = std::make_shared<Model>();
    model->name = "some LSTM";
    model->origin = origin;
    model->shape.kind = ModelKind::Lstm;
    model->shape.layers = layers;
    model->shape.width = units;
    model->vocabulary = Vocabulary::singleBytes();
    auto lstm = std::make_shared<ModelRun>();
    lstm->model = model;
    const auto steps = static_cast<int>(words.size());
    int number = 0;
    for (int layer = 0; layer < layers; ++layer) {
        const Matrix<float> empty(steps, units);
        GateRecording gates { empty, empty, empty, empty };
        Matrix<float> cell = empty, hidden = empty;
        for (int step = 0; step < steps; ++step) {
            for (int unit = 0; unit < units; ++unit) {
                const auto next = [&number] {
                    number = (number * 37 + 11) % 1009;
                    return float(number + 1) / 1011;
                };
                gates.input(step, unit) = next();
                gates.forget(step, unit) = next();
                gates.candidate(step, unit) = 2 * next() - 1;
                gates.output(step, unit) = next();
                const float before = step > 0 ? cell(step - 1, unit) : 0;
                cell(step, unit) = gates.forget(step, unit) * before
                    + gates.input(step, unit) * gates.candidate(step, unit);
                hidden(step, unit) = gates.output(step, unit) * std::tanh(cell(step, unit));
            }
        }
        lstm->recording.gates.push_back(gates);
        lstm->recording.cell.push_back(cell);
        lstm->recording.hidden.push_back(hidden);
    }

    auto run = std::make_shared<Run>();
    for (const std::string& word : words) {
        Token token;
        for (const std::string& other : words) {
            if (other == word)
                break;
            ++token.id;
        }
        token.begin = run->text.size();
        run->text += (token.begin == 0 ? "" : " ") + word;
        token.end = run->text.size();
        run->tokens.push_back(token);
    }
    run->window = { 0, steps };
    run->lstm = lstm;
    return run;
}

} // namespace timestep
