// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/vocabulary_json.h"

#include "engine/error.h"
#include "engine/text/byte_symbols.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <cstdio>

namespace timestep {

namespace {

// An id is the number of a row of an embedding; the largest vocabularies in use have some
// 260,000. The bound keeps one absurd id from asking for gigabytes.
constexpr std::int64_t largestId = (1 << 20) - 1;

/// Receives the file event by event: the first event that does not fit ends the reading.
class Reader : public nlohmann::json_sax<nlohmann::json>
{
public:
    explicit Reader(const std::filesystem::path& file)
        : m_file(file)
    {
    }

    VocabularyJson take() { return std::move(m_result); }

    bool null() override { return unexpected("null"); }
    bool boolean(bool /*value*/) override { return unexpected("a truth value"); }
    bool number_float(number_float_t /*value*/, const string_t& text) override
    {
        return unexpected("the number " + text.substr(0, 40));
    }
    bool string(string_t& /*value*/) override { return unexpected("a string"); }
    bool binary(binary_t& /*value*/) override { return unexpected("bytes"); }
    bool start_array(std::size_t /*size*/) override { return unexpected("a list"); }
    bool end_array() override { return true; }
    bool end_object() override { return true; }

    bool start_object(std::size_t /*size*/) override
    {
        if (m_inside)
            return unexpected("an object");
        m_inside = true;
        return true;
    }

    bool key(string_t& value) override
    {
        m_key = std::move(value);
        return true;
    }

    bool number_integer(number_integer_t value) override
    {
        return unexpected("the number " + std::to_string(value));
    }

    bool number_unsigned(number_unsigned_t value) override
    {
        if (!m_inside || value > static_cast<std::uint64_t>(largestId))
            return unexpected("the number " + std::to_string(value));
        add(static_cast<TokenId>(value));
        return true;
    }

    bool parse_error(std::size_t position, const std::string& /*token*/,
        const nlohmann::detail::exception& /*error*/) override
    {
        throw Error(m_file.string() + ": not valid JSON at byte " + std::to_string(position)
            + "; copy the file anew");
    }

private:
    bool unexpected(const std::string& found) const
    {
        if (!m_inside)
            throw Error(
                m_file.string() + ": expected an object of pieces and their ids, found " + found);
        throw Error(m_file.string() + ": entry " + quotedSymbols(m_key)
            + ": expected an id from 0 to " + std::to_string(largestId) + ", found " + found);
    }

    void add(TokenId id)
    {
        const std::string where = m_file.string() + ": entry " + quotedSymbols(m_key);
        if (m_key.empty())
            throw Error(where + ": a piece must not be empty");
        if (!m_result.ids.emplace(m_key, id).second)
            throw Error(where + " occurs twice");
        const auto index = static_cast<std::size_t>(id);
        if (index >= m_result.symbols.size())
            m_result.symbols.resize(index + 1);
        if (!m_result.symbols[index].empty())
            throw Error(where + ": its id " + std::to_string(id) + " is that of "
                + quotedSymbols(m_result.symbols[index]) + " as well");
        m_result.symbols[index] = m_key;
    }

    const std::filesystem::path& m_file;
    VocabularyJson m_result;
    std::string m_key;
    bool m_inside = false;
};

void requireByteSymbols(const VocabularyJson& vocabulary, const std::filesystem::path& file)
{
    for (const unsigned char byte : byteOrder()) {
        const std::string symbol = symbolsOf({ reinterpret_cast<const char*>(&byte), 1 });
        if (vocabulary.ids.contains(symbol))
            continue;
        char hex[8];
        std::snprintf(hex, sizeof hex, "%02X", byte);
        throw Error(file.string() + ": the symbol \"" + symbol + "\" of byte " + hex
            + " is missing; a byte-level vocabulary holds all 256");
    }
}

std::string jsonString(std::string_view text)
{
    return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

} // namespace

VocabularyJson parseVocabularyJson(std::string_view json, const std::filesystem::path& file)
{
    Reader reader(file);
    nlohmann::json::sax_parse(json.begin(), json.end(), &reader);
    VocabularyJson vocabulary = reader.take();
    requireByteSymbols(vocabulary, file);
    return vocabulary;
}

std::string formatVocabularyJson(const std::vector<std::string>& symbols)
{
    std::string json = "{";
    for (std::size_t id = 0; id < symbols.size(); ++id) {
        if (symbols[id].empty())
            continue;
        json += json.size() > 1 ? ", " : "";
        json += jsonString(symbols[id]) + ": " + std::to_string(id);
    }
    return json + "}";
}

std::string quotedSymbols(std::string_view symbols)
{
    constexpr std::size_t shown = 60;
    const bool isLong = symbols.size() > shown;
    return jsonString(symbols.substr(0, shown)) + (isLong ? "…" : "");
}

} // namespace timestep
