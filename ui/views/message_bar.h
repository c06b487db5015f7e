// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

#include <functional>

class QLabel;
class QPushButton;

namespace timestep {

/// What went wrong, or what might be done next, in a line below the tokens that takes nothing away
/// and can be closed.
class MessageBar : public QFrame
{
    Q_OBJECT
public:
    explicit MessageBar(QWidget* parent = nullptr);

    void showMessage(const QString& message);
    /// With a button that says `action`; pressed, it closes the message and calls `accept`.
    void showOffer(const QString& message, const QString& action, std::function<void()> accept);
    void withdrawOffer(); // closes it; another message stays
    QString message() const;

protected:
    void changeEvent(QEvent* event) override;

private:
    void updateIcon();

    QLabel* m_message;
    QPushButton* m_action;
    std::function<void()> m_accept;
    QPushButton* m_close;
};

} // namespace timestep
