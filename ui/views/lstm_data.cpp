// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/lstm_data.h"

#include "engine/measurement/csv_field.h"
#include "engine/shortest_number.h"
#include "engine/text/printable_text.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <span>

namespace timestep {

namespace {

template <typename Number>
void appendRow(std::string& text, std::span<const Number> numbers)
{
    text += '[';
    for (std::size_t index = 0; index < numbers.size(); ++index) {
        if (index > 0)
            text += ',';
        if (std::isfinite(double(numbers[index])))
            appendNumber(text, numbers[index]);
        else
            text += "null";
    }
    text += ']';
}

std::string piece(const LstmPicture& picture, int step)
{
    const Token& token
        = picture.run->tokens[static_cast<std::size_t>(picture.run->window.begin + step)];
    return printableText(
        std::string_view(picture.run->text).substr(token.begin, token.end - token.begin));
}

const LstmIntervention* interventionOf(const LstmPicture& picture)
{
    return picture.intervention ? &picture.intervention->request : nullptr;
}

/// What was changed in a cell.
void appendOverride(std::string& text, const LstmPicture& picture, int step, int unit)
{
    const LstmIntervention* intervention = interventionOf(picture);
    if (!intervention)
        return;
    if (intervention->cuts(picture.layer, step))
        text += "cut";
    else if (const auto value = intervention->forgetGate(picture.layer, step, unit)) {
        text += "f=";
        appendNumber(text, *value);
    }
}

nlohmann::ordered_json overrideJson(const LstmPicture& picture)
{
    const LstmIntervention* intervention = interventionOf(picture);
    if (!intervention)
        return nullptr;
    nlohmann::ordered_json gates = nlohmann::json::array();
    for (const ForcedForgetGate& gate : intervention->forgetGates) {
        nlohmann::ordered_json one { { "layer", gate.layer + 1 },
            { "first_step", gate.steps.begin }, { "last_step", gate.steps.end - 1 },
            { "units", nullptr }, { "value", gate.value } };
        if (!gate.units.empty())
            one["units"] = gate.units;
        gates.push_back(std::move(one));
    }
    nlohmann::ordered_json links = nlohmann::json::array();
    for (const CutLink& link : intervention->cutLinks)
        links.push_back({ { "layer", link.layer + 1 }, { "step", link.step } });
    return { { "forget_gates", gates }, { "cut_links", links } };
}

const char* modelName(ModelKind kind) { return kind == ModelKind::Lstm ? "lstm" : "attention"; }

nlohmann::ordered_json answerJson(const ShownAnswer& answer)
{
    nlohmann::ordered_json series = nlohmann::json::array();
    for (const TokenBars::Series& one : answer.bars.series) {
        nlohmann::ordered_json values = nlohmann::json::array();
        for (const double value : one.values)
            values.push_back(std::isfinite(value) ? nlohmann::ordered_json(value) : nullptr);
        series.push_back({ { "model", modelName(one.kind) }, { "name", one.name.toStdString() },
            { "values", std::move(values) } });
    }
    return { { "name", answer.name.toStdString() }, { "full", answer.bars.fullText.toStdString() },
        { "series", std::move(series) } };
}

} // namespace

std::string lstmCsv(const LstmPicture& picture)
{
    std::string text = "step,token,layer,unit";
    for (const LstmQuantity quantity : lstmQuantities)
        text += ',' + lstmLetter(quantity).toStdString();
    text += ",override\n";
    for (int step = 0; step < picture.tokens(); ++step) {
        const std::string token = csvField(piece(picture, step));
        for (const int unit : picture.unitOfRow) {
            appendNumber(text, step);
            text += ',' + token + ',';
            appendNumber(text, picture.layer + 1);
            text += ',';
            appendNumber(text, unit);
            for (const LstmQuantity quantity : lstmQuantities) {
                text += ',';
                appendNumber(text, picture.value(quantity, step, unit));
            }
            text += ',';
            appendOverride(text, picture, step, unit);
            text += '\n';
        }
    }
    return text;
}

std::string lstmJson(const LstmPicture& picture, const ShownAnswer& answer)
{
    nlohmann::ordered_json head;
    head["model"] = picture.tokens() > 0 ? picture.run->lstm->model->name : std::string();
    head["layer"] = picture.layer + 1;
    head["override"] = overrideJson(picture);
    head["tokens"] = nlohmann::json::array();
    for (int step = 0; step < picture.tokens(); ++step)
        head["tokens"].push_back(piece(picture, step));
    head["units"] = picture.unitOfRow;
    head["answer"] = answerJson(answer);
    std::string text = head.dump();
    text.back() = ','; // more follows
    text += "\"half_lives\":";
    appendRow<double>(text, picture.halfLives);
    for (const LstmQuantity quantity : lstmQuantities) {
        text += ",\"" + lstmLetter(quantity).toStdString() + "\":[";
        for (int step = 0; step < picture.tokens(); ++step) {
            if (step > 0)
                text += ',';
            const auto row = picture.values(quantity).row(step);
            appendRow<float>(text, { row.data(), static_cast<std::size_t>(row.size()) });
        }
        text += ']';
    }
    return text + "}\n";
}

std::string lstmStripCsv(const LstmPicture& picture, const ShownAnswer& answer)
{
    std::string text = "step,token";
    for (const TokenBars::Series& series : answer.bars.series)
        text += ','
            + csvField(answer.name.toStdString() + " of " + modelName(series.kind) + ": "
                + series.name.toStdString());
    text += '\n';
    for (int step = 0; step < picture.tokens(); ++step) {
        appendNumber(text, step);
        text += ',' + csvField(piece(picture, step));
        for (const TokenBars::Series& series : answer.bars.series) {
            text += ',';
            const double value = series.values[static_cast<std::size_t>(step)];
            if (std::isfinite(value))
                appendNumber(text, value);
        }
        text += '\n';
    }
    return text;
}

} // namespace timestep
