// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/pair_opener.h"

#include "engine/resource_folder.h"
#include "ui/models/bundled_choices.h"
#include "ui/session/session.h"
#include "ui/views/message_bar.h"

#include <algorithm>
#include <exception>
#include <utility>

namespace timestep {

PairOpener::PairOpener(Session& session, MessageBar& message, QObject* parent)
    : QObject(parent)
    , m_session(session)
    , m_message(message)
{
    connect(&session, &Session::modelsChanged, this, &PairOpener::takeModels);
    connect(&session, &Session::failed, this, [this] { m_opening.clear(); });
}

void PairOpener::openPair(const QString& name)
{
    m_opening = name.toStdString();
    m_before = m_session.models().lstm ? m_session.models().lstm->vocabulary : nullptr;
    m_session.openModels({ m_opening });
}

void PairOpener::takeModels()
{
    m_message.withdrawOffer();
    const BundledPair* const pair = bundledPairOf(m_session.models());
    const std::string opened = std::exchange(m_opening, {});
    if (!pair || pair->name != opened || !m_before)
        return;
    if (!(*m_before == *m_session.models().lstm->vocabulary))
        offerText(opened);
}

void PairOpener::offerText(const std::string& pair)
{
    try {
        const std::vector<Sample> samples = samplesOf(pair, resourceFolder() / "samples");
        const auto isShown
            = [this](const Sample& sample) { return sampleText(sample) == m_session.text(); };
        if (samples.empty() || std::ranges::any_of(samples, isShown))
            return;
        const Sample& first = samples.front();
        m_message.showOffer(
            tr("These models read other tokens. “%1” suits them. %2")
                .arg(first.title, first.purpose),
            tr("Use “%1”").arg(first.title), [this, first] { showSample(first); });
    } catch (const std::exception& error) {
        m_message.showMessage(QString::fromUtf8(error.what()));
    }
}

void PairOpener::openSample(const Sample& sample)
{
    const BundledPair* const current = bundledPairOf(m_session.models());
    const std::string name = sample.pair.toStdString();
    const bool other = !name.empty() && (!current || current->name != name);
    const bool suits = m_session.models().lstm && !current
        && readsAs(*m_session.models().lstm->vocabulary, name);
    if (other && !suits)
        m_session.openModels({ name });
    showSample(sample);
}

void PairOpener::showSample(const Sample& sample)
{
    m_message.withdrawOffer();
    try {
        m_session.setText(sampleText(sample));
    } catch (const std::exception& error) {
        m_message.showMessage(QString::fromUtf8(error.what()));
    }
}

} // namespace timestep

#include "moc_pair_opener.cpp"
