// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/bundled_choices.h"

#include <QComboBox>

#include <vector>

namespace timestep {

/// A choice whose list says below each title what it is for. The wheel does not change it: what is
/// chosen here is not changed in passing.
class ExplainedChoice : public QComboBox
{
    Q_OBJECT
public:
    /// `name` for screen readers.
    explicit ExplainedChoice(const QString& name, QWidget* parent = nullptr);

    void setItems(const std::vector<ExplainedItem>& items);
    /// Shows the item of this name; where there is none, what is there instead, which cannot be
    /// chosen: a title and a sentence.
    void showItem(const QString& name, const ExplainedItem& otherwise = {});
    QString sentence() const; // of what is shown

    void showPopup() override;

signals:
    void chosen(const QString& name); // by the user, another than was shown

protected:
    void wheelEvent(QWheelEvent* event) override;

private:
    void describe();

    QString m_name; // for screen readers
    QString m_shown; // name of the item shown
    QString m_otherwise; // sentence where no item is shown
};

} // namespace timestep
