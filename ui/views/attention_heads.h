// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/run.h"
#include "ui/views/affinity_image.h"

#include <QImage>
#include <QTimer>
#include <QWidget>

#include <memory>
#include <optional>
#include <vector>

namespace timestep {

/// All heads of all layers as small heatmaps, a line a layer; a click or the arrow keys choose one.
/// New pictures are made one after the other between events, so that a long text blocks nothing;
/// until then the previous ones stay.
class AttentionHeads : public QWidget
{
    Q_OBJECT
public:
    explicit AttentionHeads(QWidget* parent = nullptr);

    void setShape(int layers, int heads); // heads: a layer
    /// A run of a model of that shape; null, or one of no text: empty pictures.
    void setRun(std::shared_ptr<const Run> run, AffinityShading shading);
    void setChosen(int layer, int head);

    QRect thumbnail(int layer, int head) const; // where it is drawn, in pixels
    bool complete() const { return m_next == m_images.size(); }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void headChosen(int layer, int head);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool event(QEvent* event) override;

private:
    using Affinities = std::vector<std::vector<Matrix<float>>>; // L x A of (T, T)

    const Affinities* recorded() const; // null: nothing of that shape
    int side() const; // of a thumbnail, in pixels
    int sideInWidth() const; // where there is room enough
    void remakeAll();
    void makeNext();
    std::optional<QPoint> headAt(QPoint position) const; // x: head, y: layer
    void choose(int layer, int head);

    int m_layers = 0;
    int m_heads = 0; // a layer
    std::shared_ptr<const Run> m_run;
    AffinityShading m_shading = AffinityShading::Head;
    std::vector<QImage> m_images; // layers x heads
    std::size_t m_next = 0; // images before it are of this run
    QTimer m_timer;
    int m_side = 0; // that the images were made for
    int m_layer = 0;
    int m_head = 0;
};

} // namespace timestep
