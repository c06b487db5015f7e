// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/attention_heads.h"

#include "ui/views/cell_walk.h"
#include "ui/views/theme.h"

#include <QElapsedTimer>
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
constexpr int LargestSide = 66;
constexpr qint64 WorkMs = 4; // at a time; leaves most of a frame to everybody else

} // namespace

AttentionHeads::AttentionHeads(QWidget* parent)
    : QWidget(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("All heads"));
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &AttentionHeads::makeNext);
}

void AttentionHeads::setShape(int layers, int heads)
{
    if (m_layers == layers && m_heads == heads)
        return;
    m_layers = layers;
    m_heads = heads;
    m_run.reset();
    remakeAll();
    updateGeometry();
}

void AttentionHeads::setRun(std::shared_ptr<const Run> run, AffinityShading shading)
{
    m_run = std::move(run);
    m_shading = shading;
    remakeAll();
}

void AttentionHeads::setChosen(int layer, int head)
{
    if (m_layer == layer && m_head == head)
        return;
    m_layer = layer;
    m_head = head;
    setAccessibleDescription(tr("layer %1, head %2").arg(layer + 1).arg(head + 1));
    update();
}

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
    return { LayerNumber + m_heads * (SmallestSide + Gap), m_layers * (SmallestSide + Gap) };
}

void AttentionHeads::remakeAll()
{
    m_images.resize(std::size_t(m_layers) * m_heads);
    m_next = 0;
    m_side = side();
    if (recorded() != nullptr) {
        m_timer.start(0);
        return;
    }
    m_images.assign(m_images.size(), {});
    m_next = m_images.size();
    update();
}

const AttentionHeads::Affinities* AttentionHeads::recorded() const
{
    if (!m_run || !m_run->attention)
        return nullptr;
    const Affinities& affinity = m_run->attention->recording.affinity;
    const bool fits = std::ssize(affinity) == m_layers
        && std::all_of(affinity.begin(), affinity.end(),
            [this](const auto& heads) { return std::ssize(heads) == m_heads; });
    return fits ? &affinity : nullptr;
}

void AttentionHeads::makeNext()
{
    QElapsedTimer clock;
    clock.start();
    while (m_next < m_images.size() && clock.elapsed() < WorkMs) {
        const int layer = static_cast<int>(m_next) / m_heads;
        const int head = static_cast<int>(m_next) % m_heads;
        const auto& affinity = (*recorded())[layer][head];
        const bool causal = m_run->attention->plan.shape().causal;
        const int pixels = static_cast<int>(m_side * devicePixelRatioF());
        QImage& image = m_images[m_next++];
        const auto tokens = static_cast<double>(affinity.rows());
        if (tokens == 0)
            continue;
        image = affinityImage(affinity, causal, QRectF(0, 0, tokens, tokens), QSize(pixels, pixels),
            fullColorShares(affinity, causal, m_shading),
            ColorScale::blue(Theme::of(palette()).dark));
        image.setDevicePixelRatio(devicePixelRatioF());
        update(thumbnail(layer, head));
    }
    if (!complete())
        m_timer.start(0);
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
        remakeAll();
    QWidget::resizeEvent(event);
}

void AttentionHeads::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange)
        remakeAll();
    QWidget::changeEvent(event);
}

bool AttentionHeads::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        if (const auto place = headAt(help->pos()))
            QToolTip::showText(help->globalPos(),
                tr("layer %1, head %2 · keys [ ] and { }").arg(place->y() + 1).arg(place->x() + 1),
                this, thumbnail(place->y(), place->x()));
        else
            QToolTip::hideText();
        return true;
    }
    return QWidget::event(event);
}

} // namespace timestep

#include "moc_attention_heads.cpp"
