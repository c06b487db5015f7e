// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/pre_tokenizer.h"

#include "engine/error.h"
#include "engine/text/utf8.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <memory>
#include <new>
#include <string>

namespace timestep {

namespace {

// White space is spelt out, since what \s means depends on the library. Possessive (++) where
// nothing follows that could make the match shorter: the same matches, without a way back.
// The group tells a run of white space that was matched up to what the lookahead saw.
constexpr std::string_view pattern = R"('s|'t|'re|'ve|'m|'ll|'d)"
                                     R"(| ?\p{L}++| ?\p{N}++)"
                                     R"(| ?[^\p{Z}\t-\r\x{85}\p{L}\p{N}]++)"
                                     R"(|([\p{Z}\t-\r\x{85}]+)(?![^\p{Z}\t-\r\x{85}]))"
                                     R"(|[\p{Z}\t-\r\x{85}]++)";

std::string explained(int code)
{
    PCRE2_UCHAR message[256];
    pcre2_get_error_message(code, message, sizeof message);
    return reinterpret_cast<const char*>(message);
}

struct FreeCode
{
    void operator()(pcre2_code* code) const { pcre2_code_free(code); }
};
struct FreeMatch
{
    void operator()(pcre2_match_data* match) const { pcre2_match_data_free(match); }
};
using Code = std::unique_ptr<pcre2_code, FreeCode>;
using Match = std::unique_ptr<pcre2_match_data, FreeMatch>;

Code compile()
{
    int error = 0;
    PCRE2_SIZE place = 0;
    Code code(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
        PCRE2_UTF | PCRE2_ANCHORED, &error, &place, nullptr));
    if (!code)
        throw Error("the pre-tokeniser's pattern is not understood by this PCRE2 at "
            + std::to_string(place) + ": " + explained(error));
    // Where machine code cannot be made, matching is interpreted, with the same results.
    pcre2_jit_compile(code.get(), PCRE2_JIT_COMPLETE);
    return code;
}

const pcre2_code* compiledPattern()
{
    static const Code code = compile();
    return code.get();
}

std::size_t validLength(std::string_view text)
{
    std::size_t length = 0;
    while (const std::size_t character = characterLength(text.substr(length)))
        length += character;
    return length;
}

std::size_t invalidLength(std::string_view text)
{
    std::size_t length = 0;
    while (length < text.size() && characterLength(text.substr(length)) == 0)
        ++length;
    return length;
}

bool isContinuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

std::size_t lastCharacterBegin(std::string_view text)
{
    std::size_t begin = text.size() - 1;
    while (isContinuation(text[begin]))
        --begin;
    return begin;
}

class Splitter
{
public:
    Splitter(std::string_view text, const std::function<bool(const PreToken&)>& receive)
        : m_text(text)
        , m_receive(receive)
        , m_match(pcre2_match_data_create(2, nullptr))
    {
        if (!m_match)
            throw std::bad_alloc();
    }

    void split()
    {
        bool goOn = true;
        for (std::size_t begin = 0; goOn && begin < m_text.size();) {
            const std::size_t end = begin + validLength(m_text.substr(begin));
            const std::size_t next = end + invalidLength(m_text.substr(end));
            goOn = splitValid(begin, end, next > end);
            if (goOn && next > end)
                goOn = m_receive({ end, next, false });
            begin = next;
        }
    }

private:
    bool splitValid(std::size_t begin, std::size_t end, bool invalidFollows)
    {
        const std::string_view valid = m_text.substr(begin, end - begin);
        bool goOn = true;
        for (std::size_t offset = 0; goOn && offset < valid.size();) {
            std::size_t next = matchEnd(valid, offset);
            // Here the lookahead saw the end of the valid text instead of the invalid byte there.
            if (next == valid.size() && invalidFollows && m_isWhiteSpaceRun)
                next = withoutLastOfSeveral(valid, offset);
            goOn = m_receive({ begin + offset, begin + next });
            offset = next;
        }
        return goOn;
    }

    std::size_t matchEnd(std::string_view valid, std::size_t offset)
    {
        const int groups
            = pcre2_match(compiledPattern(), reinterpret_cast<PCRE2_SPTR>(valid.data()),
                valid.size(), offset, PCRE2_NO_UTF_CHECK, m_match.get(), nullptr);
        if (groups < 0) // every character is matched, so this is a want of resources
            throw Error("the text could not be split into words: " + explained(groups));
        m_isWhiteSpaceRun = groups > 1;
        return pcre2_get_ovector_pointer(m_match.get())[1];
    }

    static std::size_t withoutLastOfSeveral(std::string_view valid, std::size_t offset)
    {
        const std::size_t last = lastCharacterBegin(valid);
        return last > offset ? last : valid.size();
    }

    const std::string_view m_text;
    const std::function<bool(const PreToken&)>& m_receive;
    const Match m_match;
    bool m_isWhiteSpaceRun = false;
};

} // namespace

void forEachPreToken(std::string_view text, const std::function<bool(const PreToken&)>& receive)
{
    Splitter(text, receive).split();
}

} // namespace timestep
