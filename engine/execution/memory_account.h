// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstddef>

namespace timestep {

/// Counts the bytes that one run has allocated, and the most it had at once. Passed to whoever
/// allocates; thread-safe.
class MemoryAccount
{
public:
    void add(std::size_t bytes)
    {
        const std::size_t now = m_bytes.fetch_add(bytes) + bytes;
        std::size_t peak = m_peak.load();
        while (peak < now && !m_peak.compare_exchange_weak(peak, now)) { }
    }
    void remove(std::size_t bytes) { m_bytes.fetch_sub(bytes); }

    std::size_t bytes() const { return m_bytes.load(); }
    std::size_t peakBytes() const { return m_peak.load(); }

private:
    std::atomic<std::size_t> m_bytes = 0;
    std::atomic<std::size_t> m_peak = 0;
};

/// Bytes that stand in an account for as long as this lives, allocated by somebody else.
class CountedBytes
{
public:
    CountedBytes(std::size_t bytes, MemoryAccount& account)
        : m_bytes(bytes)
        , m_account(account)
    {
        m_account.add(m_bytes);
    }
    ~CountedBytes() { m_account.remove(m_bytes); }
    CountedBytes(const CountedBytes&) = delete;
    CountedBytes& operator=(const CountedBytes&) = delete;

private:
    std::size_t m_bytes;
    MemoryAccount& m_account;
};

} // namespace timestep
