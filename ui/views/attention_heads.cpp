// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/attention_heads.h"

#include "ui/views/cell_walk.h"
#include "ui/views/head_kind_text.h"
#include "ui/views/head_survey.h"
#include "ui/views/theme.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace timestep {

namespace {

constexpr int LayerNumber = 26; // pixels for the number of the layer
constexpr int Gap = 8; // between thumbnails; holds the outline of the chosen one
constexpr int Width = 380; // of all, unless that makes them smaller than the smallest
constexpr int SmallestSide = 14;
constexpr int LegibleSide = 44; // not made smaller than that to save room, only for their number
constexpr int LargestSide = 66;
constexpr int MarkHeight = 10; // pixels of a letter; more in a larger thumbnail
constexpr int LeastMarkHeight = 9; // where the word would not fit otherwise

} // namespace

AttentionHeads::AttentionHeads(const HeadSurvey& survey, QWidget* parent)
    : QWidget(parent)
    , m_survey(survey)
{
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("All heads"));
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
    connect(&survey, &HeadSurvey::restarted, this, &AttentionHeads::restart);
    connect(&survey, &HeadSurvey::known, this, &AttentionHeads::make);
}

void AttentionHeads::setShape(int layers, int heads)
{
    if (m_layers == layers && m_heads == heads)
        return;
    m_layers = layers;
    m_heads = heads;
    m_images.assign(std::size_t(layers) * heads, {});
    makeAll();
    updateGeometry();
}

void AttentionHeads::setShading(AffinityShading shading)
{
    if (m_shading == shading)
        return;
    m_shading = shading;
    makeAll();
}

void AttentionHeads::setChosen(int layer, int head)
{
    if (m_layer == layer && m_head == head)
        return;
    m_layer = layer;
    m_head = head;
    describe();
    update();
}

/// "layer 2, head 3: previous token 0.40, an even spread 0.08".
QString AttentionHeads::textOf(HeadIndex head) const
{
    const auto statistics = surveyed() ? m_survey.statistics(head) : nullptr;
    return statistics ? tr("%1: %2").arg(headPlaceText(head), headFiguresText(statistics->figures))
                      : headPlaceText(head);
}

void AttentionHeads::describe() { setAccessibleDescription(textOf({ m_layer, m_head })); }

int AttentionHeads::sideInWidth() const
{
    return std::clamp(
        (Width - LayerNumber) / std::max(1, m_heads) - Gap, SmallestSide, LargestSide);
}

int AttentionHeads::side() const
{
    const int room = std::min(
        height() / std::max(1, m_layers), (width() - LayerNumber) / std::max(1, m_heads));
    return std::clamp(room - Gap, SmallestSide, sideInWidth());
}

QRect AttentionHeads::thumbnail(int layer, int head) const
{
    const int length = side();
    return { LayerNumber + head * (length + Gap) + Gap / 2, layer * (length + Gap) + Gap / 2,
        length, length };
}

QSize AttentionHeads::sizeHint() const
{
    return { LayerNumber + m_heads * (sideInWidth() + Gap), m_layers * (sideInWidth() + Gap) };
}

QSize AttentionHeads::minimumSizeHint() const
{
    const int side = std::min(LegibleSide, sideInWidth());
    return { LayerNumber + m_heads * (side + Gap), m_layers * (side + Gap) };
}

bool AttentionHeads::surveyed() const
{
    const Affinities* affinities = m_survey.affinities();
    return affinities != nullptr && affinities->layers() == m_layers
        && affinities->heads() == m_heads;
}

bool AttentionHeads::complete() const { return !surveyed() || m_survey.complete(); }

void AttentionHeads::restart()
{
    if (surveyed())
        return;
    m_images.assign(m_images.size(), {});
    update();
}

void AttentionHeads::make(HeadIndex head)
{
    const auto statistics = surveyed() ? m_survey.statistics(head) : nullptr;
    if (!statistics)
        return;
    const int pixels = static_cast<int>(m_side * devicePixelRatioF());
    QImage& image = m_images[std::size_t(head.layer) * m_heads + head.head];
    image = affinityOverview(
        *statistics, QSize(pixels, pixels), m_shading, ColorScale::blue(Theme::of(palette()).dark));
    image.setDevicePixelRatio(devicePixelRatioF());
    update(thumbnail(head.layer, head.head));
    if (head == HeadIndex { m_layer, m_head })
        describe();
}

void AttentionHeads::makeAll()
{
    m_side = side();
    for (int layer = 0; layer < m_layers; ++layer)
        for (int head = 0; head < m_heads; ++head)
            make({ layer, head });
    update();
}

void AttentionHeads::paintEvent(QPaintEvent*)
{
    const Theme& theme = Theme::of(palette());
    QPainter painter(this);
    for (int layer = 0; layer < m_layers; ++layer) {
        const QRect first = thumbnail(layer, 0);
        painter.setPen(theme.secondaryText);
        painter.drawText(QRect(0, first.top(), LayerNumber - Gap, first.height()),
            Qt::AlignRight | Qt::AlignVCenter, QString::number(layer + 1));
        for (int head = 0; head < m_heads; ++head) {
            const QRect box = thumbnail(layer, head);
            const QImage& image = m_images[std::size_t(layer) * m_heads + head];
            if (!image.isNull())
                painter.drawImage(box, image);
            paintKind(painter, { layer, head });
            painter.setPen(theme.border);
            painter.drawRect(box.adjusted(-1, -1, 0, 0));
            if (layer == m_layer && head == m_head) {
                painter.setPen(QPen(
                    theme.text, hasFocus() ? 3 : 2, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
                painter.drawRect(box.adjusted(-2, -2, 2, 2));
            }
        }
    }
}

/// In the upper right corner, which the causal mask leaves empty: the word, or where there is no
/// room for it its first letter.
void AttentionHeads::paintKind(QPainter& painter, HeadIndex head) const
{
    const auto kind = surveyed() ? m_survey.kind(head) : std::nullopt;
    const QRect box = thumbnail(head.layer, head.head);
    if (!kind || box.height() < 2 * MarkHeight)
        return;
    QFont font = painter.font();
    QString word = kindWord(*kind);
    const auto wide = [&font, &word, &box] {
        return QFontMetrics(font).horizontalAdvance(word) + 3 > box.width();
    };
    int pixels = std::max(MarkHeight, box.height() / 6);
    for (font.setPixelSize(pixels); wide() && pixels > LeastMarkHeight; font.setPixelSize(pixels))
        --pixels;
    if (wide())
        word = word.left(1);
    const QFontMetrics metrics(font);
    QRect place(0, box.top(), metrics.horizontalAdvance(word) + 3, metrics.ascent());
    place.moveRight(box.right());
    const Theme& theme = Theme::of(palette());
    painter.save();
    painter.setFont(font);
    painter.fillRect(place, theme.window);
    painter.setPen(theme.text);
    painter.drawText(place, Qt::AlignCenter, word);
    painter.restore();
}

std::optional<QPoint> AttentionHeads::headAt(QPoint position) const
{
    for (int layer = 0; layer < m_layers; ++layer)
        for (int head = 0; head < m_heads; ++head)
            if (thumbnail(layer, head)
                    .adjusted(-Gap / 2, -Gap / 2, Gap / 2, Gap / 2)
                    .contains(position))
                return QPoint(head, layer);
    return std::nullopt;
}

void AttentionHeads::choose(int layer, int head)
{
    if (m_layers > 0)
        emit headChosen(std::clamp(layer, 0, m_layers - 1), std::clamp(head, 0, m_heads - 1));
}

void AttentionHeads::mousePressEvent(QMouseEvent* event)
{
    if (const auto place = headAt(event->position().toPoint()))
        choose(place->y(), place->x());
}

void AttentionHeads::keyPressEvent(QKeyEvent* event)
{
    if (const auto by = cellWalkOf(*event, m_heads, RowEnds::HomeEnd))
        choose(m_layer + by->rows, m_head + by->columns);
    else
        QWidget::keyPressEvent(event);
}

void AttentionHeads::resizeEvent(QResizeEvent* event)
{
    if (m_side != side())
        makeAll();
    QWidget::resizeEvent(event);
}

void AttentionHeads::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange)
        makeAll();
    QWidget::changeEvent(event);
}

bool AttentionHeads::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        if (const auto place = headAt(help->pos()))
            QToolTip::showText(help->globalPos(),
                tr("%1 · keys [ ] and { }").arg(textOf({ place->y(), place->x() })), this,
                thumbnail(place->y(), place->x()));
        else
            QToolTip::hideText();
        return true;
    }
    return QWidget::event(event);
}

} // namespace timestep

#include "moc_attention_heads.cpp"
