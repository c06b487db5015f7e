// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/json_stream.h"

#include "app/output_file.h"
#include "engine/shortest_number.h"

#include <nlohmann/json.hpp>

#include <cassert>
#include <cmath>

namespace timestep {

namespace {

constexpr std::size_t bytesAtOnce = 1U << 20U; // few system calls, little memory

} // namespace

JsonStream::JsonStream(OutputFile& file)
    : m_file(file)
{
}

void JsonStream::key(std::string_view name)
{
    text(name);
    m_pending += ':';
    m_afterKey = true;
}

void JsonStream::text(std::string_view utf8)
{
    separate();
    m_pending += nlohmann::json(utf8).dump();
}

void JsonStream::integer(std::int64_t value) { shortest(value); }

void JsonStream::number(float value)
{
    assert(std::isfinite(value));
    shortest(value);
}

void JsonStream::number(double value)
{
    assert(std::isfinite(value));
    shortest(value);
}

void JsonStream::numbers(std::span<const float> values)
{
    beginArray();
    for (const float value : values)
        number(value);
    endArray();
}

void JsonStream::rows(const Matrix<float>& values)
{
    beginArray();
    const auto columns = static_cast<std::size_t>(values.cols());
    for (Eigen::Index r = 0; r < values.rows(); ++r)
        numbers({ values.data() + r * values.cols(), columns });
    endArray();
}

void JsonStream::finish()
{
    m_pending += '\n';
    m_file.commit(m_pending);
}

void JsonStream::begin(char bracket)
{
    separate();
    m_pending += bracket;
    m_first = true;
}

void JsonStream::end(char bracket)
{
    m_pending += bracket;
    m_first = false;
    if (m_pending.size() >= bytesAtOnce) {
        m_file.write(m_pending);
        m_pending.clear();
    }
}

void JsonStream::separate()
{
    if (!m_first && !m_afterKey)
        m_pending += ',';
    m_first = false;
    m_afterKey = false;
}

template <typename Number>
void JsonStream::shortest(Number value)
{
    separate();
    appendNumber(m_pending, value);
}

} // namespace timestep
