// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/lstm_data.h"

#include "engine/measurement/csv_field.h"
#include "engine/text/printable_text.h"

#include <nlohmann/json.hpp>

#include <charconv>
#include <cmath>
#include <span>

namespace timestep {

namespace {

template <typename Number>
void append(std::string& text, Number number)
{
    char digits[32];
    const auto end = std::to_chars(std::begin(digits), std::end(digits), number).ptr;
    text.append(std::begin(digits), end);
}

template <typename Number>
void appendRow(std::string& text, std::span<const Number> numbers)
{
    text += '[';
    for (std::size_t index = 0; index < numbers.size(); ++index) {
        if (index > 0)
            text += ',';
        if (std::isfinite(double(numbers[index])))
            append(text, numbers[index]);
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

} // namespace

std::string lstmCsv(const LstmPicture& picture)
{
    std::string text = "step,token,layer,unit";
    for (const LstmQuantity quantity : lstmQuantities)
        text += ',' + lstmLetter(quantity).toStdString();
    text += '\n';
    for (int step = 0; step < picture.tokens(); ++step) {
        const std::string token = csvField(piece(picture, step));
        for (const int unit : picture.unitOfRow) {
            append(text, step);
            text += ',' + token + ',';
            append(text, picture.layer + 1);
            text += ',';
            append(text, unit);
            for (const LstmQuantity quantity : lstmQuantities) {
                text += ',';
                append(text, picture.value(quantity, step, unit));
            }
            text += '\n';
        }
    }
    return text;
}

std::string lstmJson(const LstmPicture& picture)
{
    nlohmann::ordered_json head;
    head["model"] = picture.tokens() > 0 ? picture.run->lstm->model->name : std::string();
    head["layer"] = picture.layer + 1;
    head["tokens"] = nlohmann::json::array();
    for (int step = 0; step < picture.tokens(); ++step)
        head["tokens"].push_back(piece(picture, step));
    head["units"] = picture.unitOfRow;
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

} // namespace timestep
