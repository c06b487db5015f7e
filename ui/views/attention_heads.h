// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/affinity_image.h"

#include <QImage>
#include <QWidget>

#include <optional>
#include <vector>

namespace timestep {

class HeadSurvey;

/// All heads of all layers as small heatmaps, a line a layer, each marked with the kind of head it
/// is where it is clearly of one; a click or the arrow keys choose one.
/// A new picture is there when the survey knows its head; until then the previous one stays.
class AttentionHeads : public QWidget
{
    Q_OBJECT
public:
    explicit AttentionHeads(const HeadSurvey& survey, QWidget* parent = nullptr);

    void setShape(int layers, int heads); // heads: a layer
    void setShading(AffinityShading shading);
    void setChosen(int layer, int head);

    QRect thumbnail(int layer, int head) const; // where it is drawn, in pixels
    bool complete() const;
    /// Which head it is, and what it does in this text as far as that is known.
    QString textOf(HeadIndex head) const;

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
    bool surveyed() const; // there are affinities, of as many heads
    int side() const; // of a thumbnail, in pixels
    int sideInWidth() const; // where there is room enough
    void describe();
    void paintKind(QPainter& painter, HeadIndex head) const;
    void restart();
    void make(HeadIndex head);
    void makeAll(); // those that are known
    std::optional<QPoint> headAt(QPoint position) const; // x: head, y: layer
    void choose(int layer, int head);

    const HeadSurvey& m_survey;
    int m_layers = 0;
    int m_heads = 0; // a layer
    AffinityShading m_shading = AffinityShading::Head;
    std::vector<QImage> m_images; // layers x heads
    int m_side = 0; // that the images were made for
    int m_layer = 0;
    int m_head = 0;
};

} // namespace timestep
