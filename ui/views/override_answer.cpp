// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/override_answer.h"

#include "ui/models/next_tokens.h"
#include "ui/models/window_labels.h"
#include "ui/views/elided_label.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QToolButton>

#include <algorithm>
#include <cmath>

namespace timestep {

namespace {

enum class What
{
    Forget,
    CutLink,
};

enum class Units
{
    All,
    Pinned,
    Found,
};

constexpr int TokensShown = 3;
constexpr int FewestLetters = 4; // of a choice, where there is no room for more

/// "the link cut at “States”", "f = 0 forced at “States”": what the controls here can ask for.
QString interventionText(const LstmIntervention& intervention, const LstmPicture& picture)
{
    const auto at = [&picture](IndexRange steps) { return windowText(*picture.run, steps); };
    if (!intervention.cutLinks.empty()) {
        const IndexRange steps { intervention.cutLinks.front().step,
            intervention.cutLinks.back().step + 1 };
        return (steps.count() == 1 ? OverrideAnswer::tr("the link cut at “%1”")
                                   : OverrideAnswer::tr("the links cut at “%1”"))
            .arg(at(steps));
    }
    const ForcedForgetGate& gate = intervention.forgetGates.front();
    const QString units = gate.units.empty() ? QString()
        : gate.units.size() == 1             ? OverrideAnswer::tr(" of unit %1").arg(gate.units[0])
                                 : OverrideAnswer::tr(" of %1 units").arg(gate.units.size());
    return OverrideAnswer::tr("f = %1%2 forced at “%3”")
        .arg(double(gate.value), 0, 'g', 2)
        .arg(units, at(gate.steps));
}

} // namespace

OverrideAnswer::OverrideAnswer(ProbeJob& job, QObject* parent)
    : ProbingAnswer(job, parent)
    , m_line(new QWidget)
    , m_what(new QComboBox)
    , m_value(new QDoubleSpinBox)
    , m_units(new QComboBox)
    , m_inPicture(new QToolButton)
    , m_caption(new ElidedLabel)
{
    auto* layout = new QHBoxLayout(m_line);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    m_what->addItem(tr("force f to"), static_cast<int>(What::Forget));
    m_what->addItem(tr("cut h₋₁"), static_cast<int>(What::CutLink));
    m_what->setAccessibleName(tr("What is changed"));
    m_what->setToolTip(tr("f: 0 forgets all that was there, 1 keeps it; cut h₋₁: the step does not "
                          "get the hidden state of the step before"));
    m_value->setRange(0, 1);
    m_value->setDecimals(2);
    m_value->setSingleStep(0.1);
    m_value->setButtonSymbols(QAbstractSpinBox::NoButtons);
    m_value->setToolTip(tr("type it, or use the wheel or the arrow keys"));
    m_value->setAccessibleName(tr("The forget gate's value"));
    m_units->setAccessibleName(tr("Whose forget gate"));
    for (QComboBox* box : { m_what, m_units })
        box->setMinimumContentsLength(FewestLetters);
    for (QWidget* control : { static_cast<QWidget*>(m_what), static_cast<QWidget*>(m_value),
             static_cast<QWidget*>(m_units) }) {
        control->setProperty("small", true);
        layout->addWidget(control);
    }
    m_inPicture->setText(tr("show"));
    m_inPicture->setToolTip(tr("show in the picture what became of gates and states"));
    m_inPicture->setAccessibleName(m_inPicture->toolTip());
    m_inPicture->setCheckable(true);
    m_inPicture->setProperty("small", true);
    layout->addWidget(m_inPicture);
    m_caption->setProperty("role", "caption");
    layout->addWidget(m_caption, 1);
    fitUnits();
    const auto asked = [this] {
        refresh();
        emit changed();
    };
    connect(m_what, &QComboBox::currentIndexChanged, this, asked);
    connect(m_value, &QDoubleSpinBox::valueChanged, this, asked);
    connect(m_units, &QComboBox::currentIndexChanged, this, asked);
    connect(m_inPicture, &QToolButton::toggled, this, &OverrideAnswer::toShowChanged);
    connect(&job, &ProbeJob::changed, this, &OverrideAnswer::toShowChanged);
}

QString OverrideAnswer::title() const { return tr("Override"); }

QString OverrideAnswer::purpose() const
{
    return tr("what becomes of the LSTM's predictions where its forget gates are set, or a link is "
              "cut");
}

bool OverrideAnswer::cuts() const
{
    return static_cast<What>(m_what->currentData().toInt()) == What::CutLink;
}

/// What may be chosen now; what was chosen stays where it can.
void OverrideAnswer::fitUnits()
{
    const QSignalBlocker quiet(m_units);
    const QVariant chosen = m_units->currentData();
    m_units->clear();
    m_units->addItem(tr("of all units"), static_cast<int>(Units::All));
    if (context().unit)
        m_units->addItem(tr("of unit %1").arg(*context().unit), static_cast<int>(Units::Pinned));
    if (!context().foundUnits.empty())
        m_units->addItem(
            tr("of the %1 found").arg(context().foundUnits.size()), static_cast<int>(Units::Found));
    m_units->setCurrentIndex(std::max(0, m_units->findData(chosen)));
}

/// Over the brushed steps, else at the pinned one.
LstmIntervention OverrideAnswer::intervention() const
{
    const int layer = context().picture->layer;
    const IndexRange steps
        = context().span.value_or(IndexRange { context().step, context().step + 1 });
    LstmIntervention intervention;
    if (cuts()) {
        for (int step = steps.begin; step < steps.end; ++step)
            intervention.cutLinks.push_back({ layer, step });
        return intervention;
    }
    ForcedForgetGate gate { .layer = layer, .steps = steps };
    gate.value = static_cast<float>(m_value->value());
    const auto units = static_cast<Units>(m_units->currentData().toInt());
    if (units == Units::Pinned && context().unit)
        gate.units = { *context().unit };
    else if (units == Units::Found)
        gate.units = context().foundUnits;
    intervention.forgetGates.push_back(std::move(gate));
    return intervention;
}

void OverrideAnswer::ask(ProbeRequest& request, bool wanted) const
{
    request.intervention.reset();
    if (wanted)
        request.intervention = intervention();
}

const ChangedReading* OverrideAnswer::reading() const
{
    const auto& found = result().intervention;
    const bool there = found && context().tokens() > 0 && result().run == context().picture->run;
    return there ? &found->lstm : nullptr;
}

std::shared_ptr<const InterventionFound> OverrideAnswer::toShow(
    const std::shared_ptr<const Run>& run) const
{
    const auto& found = result().intervention;
    if (!shown() || !m_inPicture->isChecked() || !found || result().run != run)
        return nullptr;
    return found;
}

/// "after “red”: key 12 %, and 3 % → and 4 %, the 2 %".
QString OverrideAnswer::predictionsText() const
{
    const ChangedReading* after = reading();
    if (!after)
        return {};
    const ModelRun& before = *context().picture->run->lstm;
    const int last = context().tokens() - 1;
    const auto best = [last](const ModelRun& run) {
        return nextTokensLine(bestNextTokens(run, last, TokensShown));
    };
    return tr("after “%1”: %2 → %3")
        .arg(context().picture->labels[last], best(before), best(after->run));
}

void OverrideAnswer::showLine()
{
    fitUnits();
    m_value->setVisible(!cuts());
    m_units->setVisible(!cuts());
    if (context().tokens() == 0)
        return m_caption->setFullText({});
    const QString state = shown() ? stateText() : QString();
    const QString where = context().span
        ? tr("at the %1 brushed tokens").arg(context().span->count())
        : tr("at “%1”").arg(context().picture->labels[context().step]);
    const QString found = predictionsText();
    m_caption->setFullText(!state.isEmpty() ? state
            : found.isEmpty()               ? where
                                            : tr("%1; %2").arg(where, found));
}

QString OverrideAnswer::sentence() const
{
    const ChangedReading* after = reading();
    if (!after)
        return {};
    const LstmPicture& picture = *context().picture;
    const std::vector<double>& bits = after->change.divergence;
    const auto most = std::max_element(bits.begin(), bits.end());
    const int last = picture.tokens() - 1;
    const NextToken before = bestNextToken(*picture.run->lstm, last);
    const NextToken now = bestNextToken(after->run, last);
    const QString change = *most > 0 ? tr("the prediction after “%1” changes most (%2 bits)")
                                           .arg(picture.labels[most - bits.begin()])
                                           .arg(*most, 0, 'g', 3)
                                     : tr("no prediction changes");
    return tr("With %1, %2; after the last token “%3” %4 becomes “%5” %6.")
        .arg(interventionText(result().intervention->request, picture), change, before.label,
            percentText(before.probability), now.label, percentText(now.probability));
}

TokenBars OverrideAnswer::bars() const
{
    TokenBars bars;
    const ChangedReading* after = reading();
    if (!after)
        return bars;
    bars.series.push_back({ ModelKind::Lstm, after->change.divergence, tr("changed"), {} });
    bars.full = bars.roundFull();
    bars.fullText = tr("%1 bits").arg(bars.full, 0, 'g', 3);
    return bars;
}

QString OverrideAnswer::tooltip(int step) const
{
    const ChangedReading* after = reading();
    if (!after)
        return {};
    return tr("the prediction after “%1” changes by %2 bits")
        .arg(context().picture->labels[step])
        .arg(after->change.divergence[static_cast<std::size_t>(step)], 0, 'g', 3);
}

} // namespace timestep

#include "moc_override_answer.cpp"
