// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/inspection_text.h"

#include "app/json_stream.h"
#include "engine/text/tokenizer.h"

#include <array>
#include <cstdio>

namespace timestep {

namespace {

std::string pieceOf(std::string_view text, const Token& token)
{
    return printableText(text.substr(token.begin, token.end - token.begin));
}

void writeTokens(JsonStream& json, std::string_view text, const std::vector<Token>& tokens)
{
    json.key("tokens");
    json.beginArray();
    for (const Token& token : tokens) {
        json.beginObject();
        json.key("id");
        json.integer(token.id);
        json.key("piece");
        json.text(pieceOf(text, token));
        json.key("begin");
        json.integer(static_cast<std::int64_t>(token.begin));
        json.key("end");
        json.integer(static_cast<std::int64_t>(token.end));
        json.endObject();
    }
    json.endArray();
}

void writeLayers(JsonStream& json, const char* name, const std::vector<Matrix<float>>& layers)
{
    json.key(name);
    json.beginArray();
    for (const Matrix<float>& layer : layers)
        json.rows(layer);
    json.endArray();
}

void writeGates(JsonStream& json, const std::vector<GateRecording>& layers)
{
    json.key("gates");
    json.beginArray();
    for (const GateRecording& gates : layers) {
        json.beginObject();
        json.key("input");
        json.rows(gates.input);
        json.key("forget");
        json.rows(gates.forget);
        json.key("candidate");
        json.rows(gates.candidate);
        json.key("output");
        json.rows(gates.output);
        json.endObject();
    }
    json.endArray();
}

void writeHead(JsonStream& json, const Affinities& affinities, HeadIndex head)
{
    json.beginArray();
    for (int query = 0; query < affinities.tokens(); ++query)
        json.numbers(affinities.row(head, query));
    json.endArray();
}

void writeAffinities(JsonStream& json, const Affinities& affinities)
{
    json.key("affinity");
    json.beginArray();
    for (int layer = 0; layer < affinities.layers(); ++layer) {
        json.beginArray();
        for (int head = 0; head < affinities.heads(); ++head)
            writeHead(json, affinities, { layer, head });
        json.endArray();
    }
    json.endArray();
}

void writePredictions(JsonStream& json, const Inspection& inspection)
{
    json.key("predictions");
    json.beginArray();
    for (const std::vector<Prediction>& best : inspection.predictions) {
        json.beginArray();
        for (const Prediction& prediction : best) {
            json.beginObject();
            json.key("id");
            json.integer(prediction.id);
            json.key("piece");
            json.text(printableText(inspection.model->vocabulary->bytes(prediction.id)));
            json.key("probability");
            json.number(prediction.probability);
            json.endObject();
        }
        json.endArray();
    }
    json.endArray();
}

void writeModel(JsonStream& json, std::string_view text, const Inspection& inspection, bool logits)
{
    const Model& model = *inspection.model;
    json.beginObject();
    json.key("name");
    json.text(printableText(model.name));
    json.key("kind");
    json.text(kindName(model.shape.kind));
    json.key("parameters");
    json.integer(model.parameters());
    json.key("layers");
    json.integer(model.shape.layers);
    json.key("width");
    json.integer(model.shape.width);
    json.key("heads");
    json.integer(model.shape.heads);
    if (model.shape.attentionWindow > 0) {
        json.key("attention_window");
        json.integer(model.shape.attentionWindow);
    }
    writeTokens(json, text, inspection.tokens);
    if (model.shape.kind == ModelKind::Lstm) {
        writeGates(json, inspection.recording.gates);
        writeLayers(json, "cell", inspection.recording.cell);
        writeLayers(json, "hidden", inspection.recording.hidden);
    } else {
        writeAffinities(json, *inspection.recording.affinities);
    }
    json.key("influence");
    json.rows(inspection.influence->shares);
    json.key("influence_norm");
    const RowVector<float>& norms = inspection.influence->norms;
    json.numbers({ norms.data(), static_cast<std::size_t>(norms.size()) });
    if (logits) {
        json.key("logits");
        json.rows(inspection.logits);
    }
    writePredictions(json, inspection);
    json.endObject();
}

/// "lstm-2x24: lstm, 28321 parameters, 2 layers of width 24, 41 tokens"
std::string headline(const Inspection& inspection)
{
    const ModelShape& shape = inspection.model->shape;
    std::string line = inspection.model->name + ": " + std::string(kindName(shape.kind)) + ", "
        + std::to_string(inspection.model->parameters()) + " parameters, "
        + std::to_string(shape.layers) + (shape.layers == 1 ? " layer" : " layers") + " of width "
        + std::to_string(shape.width);
    if (shape.heads > 0)
        line += ", " + std::to_string(shape.heads) + (shape.heads == 1 ? " head" : " heads");
    if (shape.attentionWindow > 0)
        line += ", window of " + std::to_string(shape.attentionWindow);
    return line + ", " + std::to_string(inspection.tokens.size())
        + (inspection.tokens.size() == 1 ? " token" : " tokens") + ", "
        + (inspection.model->untrained() || inspection.model->bundled() ? "" : "from ")
        + inspection.model->origin;
}

/// As a C string would be written, so that spaces, line breaks and whatever else has no letter can
/// be seen.
std::string quoted(std::string_view bytes)
{
    std::string shown = "\"";
    for (const char letter : printableText(bytes)) {
        if (letter == '\n') {
            shown += "\\n";
        } else if (letter == '\t') {
            shown += "\\t";
        } else if (static_cast<unsigned char>(letter) < 0x20 || letter == 0x7F) {
            std::array<char, 8> escaped;
            std::snprintf(escaped.data(), escaped.size(), "\\x%02X", letter);
            shown += escaped.data();
        } else {
            shown += letter;
        }
    }
    return shown + '"';
}

} // namespace

void writeInspectionJson(OutputFile& file, std::string_view text,
    const std::vector<Inspection>& inspections, bool logits)
{
    JsonStream json(file);
    json.beginObject();
    json.key("text");
    json.text(printableText(text));
    json.key("models");
    json.beginArray();
    for (const Inspection& inspection : inspections)
        writeModel(json, text, inspection, logits);
    json.endArray();
    json.endObject();
    json.finish();
}

std::string inspectionSummary(
    std::string_view text, const std::vector<Inspection>& inspections, const Kernels& kernels)
{
    std::string summary = "kernel " + std::string(kernels.name) + '\n';
    for (const Inspection& inspection : inspections) {
        summary += headline(inspection) + '\n';
        for (std::size_t t = 0; t < inspection.tokens.size(); ++t) {
            std::array<char, 32> place;
            std::snprintf(place.data(), place.size(), "%6zu  ", t);
            const Token& token = inspection.tokens[t];
            summary += place.data() + quoted(text.substr(token.begin, token.end - token.begin))
                + "  then";
            for (const Prediction& next : inspection.predictions[t]) {
                std::array<char, 32> share;
                std::snprintf(share.data(), share.size(), " %.1f %%", 100 * next.probability);
                summary
                    += "  " + quoted(inspection.model->vocabulary->bytes(next.id)) + share.data();
            }
            summary += '\n';
        }
    }
    return summary;
}

} // namespace timestep
