// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <vector>

class QFrame;
class QPushButton;
class QVBoxLayout;

namespace timestep {

/// Controls in one row, whatever its width: those at the end that have no room are behind a button
/// "More", which shows them below each other.
class OverflowRow : public QWidget
{
    Q_OBJECT
public:
    explicit OverflowRow(QWidget* parent = nullptr);

    void add(QWidget* control); // at the end; a control keeps its width
    int inRow() const { return m_inRow; } // of the controls, from the first

    QSize sizeHint() const override; // of all in the row
    QSize minimumSizeHint() const override;

protected:
    bool event(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void arrange();
    int fitting() const;
    int widthOf(int count) const; // of so many controls with the spaces between them
    void distribute(int inRow);
    void placeRow();
    void showMore();

    std::vector<QWidget*> m_controls; // in the row or in the panel
    int m_inRow = 0;
    QPushButton* m_more;
    QFrame* m_panel; // a window of its own, while it is open
    QVBoxLayout* m_panelLayout;
};

} // namespace timestep
