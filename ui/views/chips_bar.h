// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

class QLabel;
class QPushButton;

namespace timestep {

class ChipStrip;
class Session;

/// How many tokens there are and how many of them are in use, the chips, and where not all are in
/// use, the buttons that move the window.
class ChipsBar : public QFrame
{
    Q_OBJECT
public:
    explicit ChipsBar(Session& session, QWidget* parent = nullptr);

    ChipStrip* strip() const { return m_strip; }

protected:
    void changeEvent(QEvent* event) override;

private:
    void takeTokens();
    void moveWindow(int direction);
    void updateIcons();

    Session& m_session;
    QLabel* m_count;
    QPushButton* m_earlier;
    QPushButton* m_later;
    ChipStrip* m_strip;
};

} // namespace timestep
