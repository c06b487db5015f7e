// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/selection.h"

namespace timestep {

bool PinnedWork::reads(int token) const
{
    if (!window.contains(token))
        return false;
    // One range, on a circle.
    const int tokens = window.count();
    const int first = (steps.begin + rows.begin) % tokens;
    const int distance = (token - window.begin - first + tokens) % tokens;
    return distance < steps.count();
}

Selection::Selection(QObject* parent)
    : QObject(parent)
{
}

std::optional<int> Selection::pinnedToken() const { return m_pinnedToken; }

std::optional<int> Selection::hoveredToken() const { return m_hoveredToken; }

const std::optional<PinnedWork>& Selection::pinnedWork() const { return m_pinnedWork; }

bool Selection::pins(int token) const
{
    return token == m_pinnedToken || (m_pinnedWork && m_pinnedWork->reads(token));
}

int Selection::head() const { return m_head; }

int Selection::layer() const { return m_layer; }

InfluenceTarget Selection::influenceTarget() const { return m_influenceTarget; }

void Selection::pinToken(std::optional<int> token)
{
    if (token == m_pinnedToken && !m_pinnedWork)
        return;
    m_pinnedToken = token;
    m_pinnedWork.reset();
    emit changed();
}

void Selection::pinWork(const PinnedWork& work)
{
    if (work == m_pinnedWork)
        return;
    m_pinnedWork = work;
    m_pinnedToken = work.token(work.steps.end - 1, work.rows.begin);
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
    m_headIsChosen = true;
    showHead(layer, head);
}

void Selection::suggestHead(int layer, int head)
{
    if (!m_headIsChosen)
        showHead(layer, head);
}

void Selection::forgetChosenHead() { m_headIsChosen = false; }

void Selection::showHead(int layer, int head)
{
    if (layer == m_layer && head == m_head)
        return;
    m_layer = layer;
    m_head = head;
    emit changed();
}

void Selection::setInfluenceTarget(InfluenceTarget target)
{
    if (target == m_influenceTarget)
        return;
    m_influenceTarget = target;
    emit changed();
}

void Selection::clear()
{
    const bool some = m_pinnedToken || m_hoveredToken;
    m_pinnedToken.reset();
    m_pinnedWork.reset();
    m_hoveredToken.reset();
    emit cleared();
    if (some)
        emit changed();
}

void Selection::limitTokens(int tokens)
{
    const auto beyond = [tokens](std::optional<int> token) { return token && *token >= tokens; };
    const bool workBeyond = m_pinnedWork && m_pinnedWork->window.end > tokens;
    if (!beyond(m_pinnedToken) && !beyond(m_hoveredToken) && !workBeyond)
        return;
    if (workBeyond)
        m_pinnedWork.reset();
    if (beyond(m_pinnedToken))
        m_pinnedToken.reset();
    if (beyond(m_hoveredToken))
        m_hoveredToken.reset();
    emit changed();
}

} // namespace timestep

#include "moc_selection.cpp"
