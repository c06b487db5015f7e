// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTabBar>

namespace timestep {

/// The workspaces by name, each with the number of its key in front.
class WorkspaceTabs : public QTabBar
{
    Q_OBJECT
public:
    explicit WorkspaceTabs(QWidget* parent = nullptr);

    void addWorkspaceTab(int number, const QString& title);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override; // tabs move together, but are never cut off

protected:
    QSize tabSizeHint(int index) const override;
    QSize minimumTabSizeHint(int index) const override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool event(QEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    QString numberOf(int index) const;
    void paintTab(QPainter& painter, int index) const;
    QFont titleFont(bool current) const;
    QSize tabSize(int index, int padding) const;
    QSize allTabs(int padding) const;

    int m_hovered = -1;
    int m_padding = 0; // beside a title; 0: not laid out yet
};

} // namespace timestep
