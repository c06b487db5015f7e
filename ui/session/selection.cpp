// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/selection.h"

namespace timestep {

Selection::Selection(QObject* parent)
    : QObject(parent)
{
}

std::optional<int> Selection::pinnedToken() const { return m_pinnedToken; }

std::optional<int> Selection::hoveredToken() const { return m_hoveredToken; }

int Selection::head() const { return m_head; }

int Selection::layer() const { return m_layer; }

void Selection::pinToken(std::optional<int> token)
{
    if (token == m_pinnedToken)
        return;
    m_pinnedToken = token;
    emit changed();
}

void Selection::hoverToken(std::optional<int> token)
{
    if (token == m_hoveredToken)
        return;
    m_hoveredToken = token;
    emit changed();
}

void Selection::setHead(int layer, int head)
{
    if (layer == m_layer && head == m_head)
        return;
    m_layer = layer;
    m_head = head;
    emit changed();
}

void Selection::clear()
{
    const bool some = m_pinnedToken || m_hoveredToken;
    m_pinnedToken.reset();
    m_hoveredToken.reset();
    emit cleared();
    if (some)
        emit changed();
}

void Selection::limitTokens(int tokens)
{
    const auto beyond = [tokens](std::optional<int> token) { return token && *token >= tokens; };
    if (!beyond(m_pinnedToken) && !beyond(m_hoveredToken))
        return;
    if (beyond(m_pinnedToken))
        m_pinnedToken.reset();
    if (beyond(m_hoveredToken))
        m_hoveredToken.reset();
    emit changed();
}

} // namespace timestep

#include "moc_selection.cpp"
