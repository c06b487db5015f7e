// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/matrix.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace timestep {

class OutputFile;

/// Writes one JSON document piece by piece, so that a document of a hundred million numbers is
/// never held in memory. Numbers are as short as they can be while they read back the same.
class JsonStream
{
public:
    explicit JsonStream(OutputFile& file);

    void beginObject() { begin('{'); }
    void endObject() { end('}'); }
    void beginArray() { begin('['); }
    void endArray() { end(']'); }

    /// The value follows.
    void key(std::string_view name);

    void text(std::string_view utf8);
    void integer(std::int64_t value);
    void number(float value); // finite
    void number(double value); // finite

    void numbers(std::span<const float> values); // [1,2]
    void rows(const Matrix<float>& values); // [[1,2],[3,4]]

    /// To be called once, after the last value: the file takes its place.
    void finish();

private:
    void begin(char bracket);
    void end(char bracket);
    void separate();
    template <typename Number>
    void shortest(Number value);

    OutputFile& m_file;
    std::string m_pending;
    bool m_first = true; // no value yet in the innermost array or object
    bool m_afterKey = false;
};

} // namespace timestep
