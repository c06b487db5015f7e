// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointer>
#include <QScrollArea>
#include <QSize>
#include <QString>

#include <vector>

class QLabel;

namespace timestep {

class Workspace;

/// While it lives, a workspace is laid out for a picture: as wide as it is on the screen and as
/// high as all of it needs, without scroll bars and controls; a caption below the sentence says
/// what they are set to. Then all is as it was; nothing of it is seen on the screen. No events are
/// to be handled meanwhile.
class WholePicture
{
public:
    /// Higher pictures are cut, and say so in the caption. Pixels.
    static constexpr int mostHeight = 8000;

    /// `view` holds a sentence and, below it, a scroll area with `workspace`; a layout places it.
    /// `size`: that of an earlier picture, which this one is to have, too; empty: as it needs.
    WholePicture(QWidget& view, Workspace& workspace, const QString& caption, QSize size = {});
    ~WholePicture();
    WholePicture(const WholePicture&) = delete;
    WholePicture& operator=(const WholePicture&) = delete;

    QSize size() const { return m_view.size(); }

private:
    struct Scrolling
    {
        QPointer<QAbstractScrollArea> area;
        Qt::ScrollBarPolicy horizontal, vertical;
        int x, y;
    };

    void hideControls();
    void hideScrollBars();
    void fitHeight();
    int neededHeight() const;

    QWidget& m_view;
    Workspace& m_workspace;
    QScrollArea& m_page; // of the workspace
    const QRect m_geometry; // before
    const int m_leastPageHeight; // before
    QPointer<QWidget> m_focused;
    std::vector<QPointer<QWidget>> m_hidden;
    std::vector<Scrolling> m_scrolling;
    QLabel* m_caption;
};

} // namespace timestep
