// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/unit_finder.h"

#include "ui/models/number_text.h"
#include "ui/models/window_labels.h"
#include "ui/session/wake_up.h"
#include "ui/views/fonts.h"
#include "ui/views/jump_slider.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>

#include <algorithm>
#include <cmath>
#include <utility>

namespace timestep {

namespace {

constexpr int SliderPlaces = 100;
constexpr int MostUnitsNamed = 8;
constexpr int MostPlacesNamed = 4; // two lines
constexpr double EnoughUnits = 0.5; // of those found, for a place to be named

bool sameThreshold(const UnitThreshold& a, const UnitThreshold& b)
{
    return a.value == b.value && a.below == b.below;
}

/// The text of a span, shortened.
QString spanLabel(const LstmPicture& picture, IndexRange span)
{
    constexpr int MostLetters = 14; // no token is shorter than a letter
    const QString text = windowText(
        *picture.run, { span.begin, std::min(span.end, span.begin + MostLetters + 1) });
    return text.size() > MostLetters ? text.left(MostLetters) + QStringLiteral("…") : text;
}

} // namespace

bool UnitSearch::operator==(const UnitSearch& other) const
{
    return picture == other.picture && span == other.span && quantity == other.quantity
        && sameThreshold(threshold, other.threshold) && onlyThere == other.onlyThere;
}

FoundUnits FoundUnits::of(const UnitSearch& search)
{
    FoundUnits found { search, {}, {}, {} };
    const Matrix<float>& values = search.picture->values(search.quantity);
    found.units = unitsOn(values, *search.span, search.threshold, search.onlyThere);
    found.countsOn = timestep::countsOn(values, found.units, search.threshold);
    if (!found.units.empty())
        found.elsewhere = spansOn(found.countsOn,
            leastOf(static_cast<int>(found.units.size()), EnoughUnits), *search.span);
    return found;
}

bool FoundUnits::everywhere() const
{
    int steps = 0;
    for (const IndexRange& place : elsewhere)
        steps += place.count();
    return search.span && steps > 0 && steps + search.span->count() == search.picture->tokens();
}

UnitFinder::UnitFinder(QWidget* parent)
    : QWidget(parent)
    , m_search { std::make_shared<LstmPicture>(), {}, LstmQuantity::Hidden, {}, false }
    , m_found(std::make_shared<const FoundUnits>(FoundUnits { m_search, {}, {}, {} }))
    , m_quantity(new QComboBox)
    , m_side(new QComboBox)
    , m_threshold(new JumpSlider)
    , m_thresholdText(new QLabel)
    , m_summary(new QLabel)
    , m_places(new QLabel)
    , m_lane(wakeUp(this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(3);
    auto* heading = new QLabel(tr("Units on where brushed"));
    heading->setProperty("role", "heading");
    layout->addWidget(heading);
    auto* choice = new QHBoxLayout;
    for (const LstmQuantity quantity : lstmQuantities)
        m_quantity->addItem(lstmLetter(quantity), static_cast<int>(quantity));
    m_quantity->setCurrentIndex(static_cast<int>(LstmQuantity::Hidden));
    m_quantity->setAccessibleName(tr("Quantity that is compared"));
    m_side->addItem(tr("above"), false);
    m_side->addItem(tr("below"), true);
    m_side->setAccessibleName(tr("On above or below the threshold"));
    m_threshold->setAccessibleName(tr("Threshold"));
    for (QComboBox* box : { m_quantity, m_side }) {
        box->setProperty("small", true);
        choice->addWidget(box);
    }
    choice->addWidget(m_threshold, 1);
    m_thresholdText->setMinimumWidth(fontMetrics().horizontalAdvance(QStringLiteral("−0.00")));
    m_thresholdText->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    choice->addWidget(m_thresholdText);
    layout->addLayout(choice);
    for (QLabel* label : { m_summary, m_places }) {
        label->setProperty("role", "caption");
        label->setWordWrap(true);
        label->setAlignment(Qt::AlignLeft | Qt::AlignTop);
        layout->addWidget(label);
    }
    m_summary->setTextFormat(Qt::PlainText);
    m_summary->setObjectName(QStringLiteral("unitsFound"));
    m_places->setTextFormat(Qt::RichText);
    m_places->setObjectName(QStringLiteral("placesFound"));
    m_threshold->setRange(-SliderPlaces, SliderPlaces);
    m_threshold->setValue(SliderPlaces / 4);
    connect(m_quantity, &QComboBox::currentIndexChanged, this, &UnitFinder::fitThreshold);
    connect(m_side, &QComboBox::currentIndexChanged, this, &UnitFinder::search);
    connect(m_threshold, &QSlider::valueChanged, this, &UnitFinder::search);
    connect(m_places, &QLabel::linkActivated, this, &UnitFinder::followLink);
    fitThreshold();
    fitLabels();
}

void UnitFinder::setForPicture(bool forPicture)
{
    setVisible(!forPicture || m_search.span);
    m_thresholdText->setVisible(!forPicture); // it is beside the slider
}

QString UnitFinder::conditionText() const
{
    return tr("on: %1 %2 %3")
        .arg(m_quantity->currentText(), m_side->currentText(), m_thresholdText->text());
}

void UnitFinder::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::FontChange)
        fitLabels();
    QWidget::changeEvent(event);
}

/// Room for two lines each whether or not they are needed: nothing moves from span to span.
void UnitFinder::fitLabels()
{
    for (QLabel* label : { m_summary, m_places })
        label->setFixedHeight(2 * QFontMetrics(smallFont(font())).lineSpacing() + 2);
}

void UnitFinder::setPicture(const LstmPicturePointer& picture)
{
    m_search.picture = picture;
    search();
}

void UnitFinder::setSpan(std::optional<IndexRange> span)
{
    m_search.span = span;
    search();
}

/// Gates lie between 0 and 1; the others on both sides.
void UnitFinder::fitThreshold()
{
    const auto quantity = static_cast<LstmQuantity>(m_quantity->currentData().toInt());
    {
        const QSignalBlocker quiet(m_threshold);
        m_threshold->setMinimum(isSigned(quantity) ? -SliderPlaces : 0);
        if (isSigned(quantity) != isSigned(m_search.quantity))
            m_threshold->setValue(isSigned(quantity) ? SliderPlaces / 4 : SliderPlaces / 2);
    }
    search();
}

void UnitFinder::search()
{
    m_search.quantity = static_cast<LstmQuantity>(m_quantity->currentData().toInt());
    const float full
        = m_search.picture->tokens() > 0 ? m_search.picture->fullColorOf(m_search.quantity) : 1;
    m_search.threshold = { full * static_cast<float>(m_threshold->value()) / SliderPlaces,
        m_side->currentData().toBool() };
    m_thresholdText->setText(
        QString::number(double(m_search.threshold.value), 'f', 2).replace(u'-', u'−'));
    const bool nothing = !m_search.span || m_search.picture->tokens() == 0;
    if (nothing || m_found->search.picture != m_search.picture) // units of another text or layer
        take(std::make_shared<const FoundUnits>(FoundUnits { m_search, {}, {}, {} }));
    m_complete = nothing;
    if (nothing)
        return m_lane.cancel();
    m_lane.start(
        [this, wanted = m_search](const std::stop_token&, const LatestJob::HandOver& handOver) {
            auto found = std::make_shared<const FoundUnits>(FoundUnits::of(wanted));
            handOver([this, found] {
                m_complete = true;
                take(found);
            });
        });
}

void UnitFinder::take(std::shared_ptr<const FoundUnits> found)
{
    m_found = std::move(found);
    showFound();
    emit foundChanged();
}

void UnitFinder::showFound()
{
    if (!m_found->search.span) {
        m_summary->setText(tr("Drag over some tokens in the picture, or Shift with the arrows."));
        return m_places->clear();
    }
    QStringList names;
    for (const int unit : m_found->units) {
        if (names.size() == MostUnitsNamed) {
            names.append(QStringLiteral("…"));
            break;
        }
        names.append(QString::number(unit));
    }
    const QString count = tr("%1 of %2 units")
                              .arg(countNumber(static_cast<qint64>(m_found->units.size())),
                                  countNumber(m_found->search.picture->units()));
    m_summary->setText(names.isEmpty()
            ? tr("%1 at all of “%2”")
                  .arg(count, spanLabel(*m_found->search.picture, *m_found->search.span))
            : tr("%1 at all of “%2”: %3")
                  .arg(count, spanLabel(*m_found->search.picture, *m_found->search.span),
                      names.join(QStringLiteral(", "))));
    if (m_found->units.empty())
        return m_places->clear();
    QStringList places;
    for (std::size_t index = 0; index < m_found->elsewhere.size(); ++index) {
        if (index == MostPlacesNamed) {
            places.append(tr("%1 more").arg(
                countNumber(static_cast<qint64>(m_found->elsewhere.size()) - MostPlacesNamed)));
            break;
        }
        places.append(QStringLiteral("<a href=\"%1\">%2</a>")
                          .arg(index)
                          .arg(spanLabel(*m_found->search.picture, m_found->elsewhere[index])
                                   .toHtmlEscaped()));
    }
    m_places->setText(places.isEmpty() ? tr("Nowhere else are half of them on.")
            : m_found->everywhere()
            ? tr("Half of them or more are on everywhere else.")
            : tr("Half of them or more also at: %1").arg(places.join(QStringLiteral(" · "))));
}

void UnitFinder::followLink(const QString& link)
{
    const auto index = link.toUInt();
    if (index < m_found->elsewhere.size())
        emit placeWanted(m_found->elsewhere[index]);
}

void UnitFinder::customEvent(QEvent* /*event*/) { m_lane.deliver(); }

} // namespace timestep

#include "moc_unit_finder.cpp"
