// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/safetensors.h"

#include "engine/error.h"
#include "engine/model/shallow_json.h"
#include "engine/whole_file.h"

#include <Eigen/Core>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

namespace timestep {

using nlohmann::json;

static_assert(std::endian::native == std::endian::little, "safetensors files are little-endian");

namespace {

// Room for a hundred thousand tensors; a longer header is a broken file, and its JSON would take
// many times its length in memory.
constexpr std::uint64_t longestHeader = 16U << 20U;
constexpr std::uint64_t lengthBytes = 8;
constexpr std::size_t headerDepth = 3; // object of tensors, tensor, shape

struct NumberType
{
    std::string_view name;
    std::uint64_t bytes;
};

constexpr std::array numberTypes { NumberType { "F32", 4 }, NumberType { "F16", 2 },
    NumberType { "BF16", 2 }, NumberType { "F64", 8 }, NumberType { "BOOL", 1 },
    NumberType { "U8", 1 }, NumberType { "I8", 1 }, NumberType { "F8_E5M2", 1 },
    NumberType { "F8_E4M3", 1 }, NumberType { "I16", 2 }, NumberType { "U16", 2 },
    NumberType { "I32", 4 }, NumberType { "U32", 4 }, NumberType { "I64", 8 },
    NumberType { "U64", 8 } };

/// 0 where there is no such type.
std::uint64_t bytesOf(std::string_view type)
{
    const auto* const found = std::ranges::find(numberTypes, type, &NumberType::name);
    return found == numberTypes.end() ? 0 : found->bytes;
}

std::string shownShape(const std::vector<std::uint64_t>& shape)
{
    std::string shown = "[";
    for (const std::uint64_t size : shape)
        shown += (shown.size() > 1 ? ", " : "") + std::to_string(size);
    return shown + "]";
}

/// Bytes that a shape takes; the largest number where they are too many to count.
std::uint64_t bytesOf(const std::vector<std::uint64_t>& shape, std::uint64_t bytesEach)
{
    constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    if (std::ranges::find(shape, 0U) != shape.end())
        return 0;
    std::uint64_t bytes = bytesEach;
    for (const std::uint64_t size : shape) {
        if (size > most / bytes)
            return most;
        bytes *= size;
    }
    return bytes;
}

float widened(std::uint16_t bits, bool brain)
{
    if (brain) // BF16 is the upper half of a float
        return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16U);
    return static_cast<float>(Eigen::half(Eigen::half_impl::raw_uint16_to_half(bits)));
}

/// Appended to `bytes`. Infinite numbers would be refused when they are read.
void appendHalves(std::string& bytes, const NamedTensor& tensor, const std::filesystem::path& file)
{
    for (std::size_t place = 0; place < tensor.numbers.size(); ++place) {
        const auto half = static_cast<Eigen::half>(tensor.numbers[place]);
        if (!(Eigen::numext::isfinite)(half)) {
            throw Error(file.string() + ": tensor " + shownName(tensor.name)
                + ": F16 holds finite numbers up to 65504, found "
                + std::to_string(tensor.numbers[place]) + " at place " + std::to_string(place)
                + "; save it as F32");
        }
        const auto bits = Eigen::numext::bit_cast<std::uint16_t>(half);
        bytes.append(reinterpret_cast<const char*>(&bits), sizeof bits);
    }
}

} // namespace

SafetensorsFile::SafetensorsFile(std::filesystem::path file)
    : m_path(std::move(file))
{
    readTensors(readHeader());
    checkPlaces();
}

std::string SafetensorsFile::readHeader()
{
    std::error_code unreadable;
    const std::uint64_t size = std::filesystem::file_size(m_path, unreadable);
    if (!unreadable)
        m_stream.open(m_path, std::ios::binary);
    if (unreadable || !m_stream)
        throw Error(m_path.string() + ": cannot be read; name a folder that holds it");

    std::uint64_t length = 0;
    if (size >= lengthBytes)
        m_stream.read(reinterpret_cast<char*>(&length), lengthBytes);
    if (size < lengthBytes || length > size - lengthBytes) {
        throw Error(m_path.string() + ": the file has " + std::to_string(size)
            + " bytes, its header alone should have "
            + (size < lengthBytes ? "at least 8" : std::to_string(length))
            + "; the file is cut off or no safetensors file");
    }
    if (length > longestHeader) {
        throw Error(m_path.string() + ": a header of " + std::to_string(length)
            + " bytes; expected at most " + std::to_string(longestHeader));
    }
    m_dataBegin = lengthBytes + length;
    m_dataSize = size - m_dataBegin;
    std::string header(length, '\0');
    m_stream.read(header.data(), static_cast<std::streamsize>(length));
    if (!m_stream)
        throw Error(m_path.string() + ": the header cannot be read; copy the file anew");
    return header;
}

/// What is no text says nothing that is asked for here.
template <typename Json>
void SafetensorsFile::readMetadata(const Json& entry)
{
    if (!entry.is_object())
        return;
    for (const auto& [key, value] : entry.items())
        if (value.is_string())
            m_metadata.emplace(key, value.template get<std::string>());
}

void SafetensorsFile::readTensors(const std::string& header)
{
    const json document = parseShallowJson(header, headerDepth, m_path.string() + ": header");
    const auto isCount = [](const json& value) { return value.is_number_unsigned(); };
    for (const auto& [name, entry] : document.items()) {
        if (name == "__metadata__") {
            readMetadata(entry);
            continue;
        }
        const auto listOfCounts = [&](const char* key) {
            const auto found = entry.is_object() ? entry.find(key) : entry.end();
            if (found == entry.end() || !found->is_array() || !std::ranges::all_of(*found, isCount))
                refuse(
                    name, std::string("expected \"") + key + "\", a list of whole numbers from 0");
            return found->get<std::vector<std::uint64_t>>();
        };
        Tensor tensor;
        tensor.shape = listOfCounts("shape");
        const std::vector<std::uint64_t> place = listOfCounts("data_offsets");
        const auto type = entry.find("dtype");
        if (type == entry.end() || !type->is_string())
            refuse(name, "expected \"dtype\", the name of a type");
        tensor.type = type->get<std::string>();
        const std::uint64_t bytesEach = bytesOf(tensor.type);
        if (bytesEach == 0)
            refuse(name, "expected type F32, F16 or BF16, found " + shownName(tensor.type));

        if (place.size() != 2 || place[0] > place[1] || place[1] > m_dataSize) {
            refuse(name,
                "expected a place within the file's " + std::to_string(m_dataSize)
                    + " bytes of data, found " + shownShape(place));
        }
        tensor.begin = place[0];
        tensor.end = place[1];
        if (bytesOf(tensor.shape, bytesEach) != tensor.end - tensor.begin) {
            refuse(name,
                "shape " + shownShape(tensor.shape) + " of " + tensor.type + " does not fill the "
                    + std::to_string(tensor.end - tensor.begin) + " bytes of its place");
        }
        m_tensors.emplace(name, std::move(tensor));
    }
}

/// The format allows neither overlap nor gap, so that a file holds what its header says and no
/// more.
void SafetensorsFile::checkPlaces() const
{
    std::vector<const std::pair<const std::string, Tensor>*> ordered;
    for (const auto& tensor : m_tensors)
        ordered.push_back(&tensor);
    std::ranges::sort(ordered, {},
        [](const auto* tensor) { return std::pair(tensor->second.begin, tensor->second.end); });
    std::uint64_t reached = 0;
    for (const auto* tensor : ordered) {
        if (tensor->second.begin != reached) {
            refuse(tensor->first,
                "expected to begin at byte " + std::to_string(reached)
                    + " of the data, where the one before ends; found "
                    + std::to_string(tensor->second.begin));
        }
        reached = tensor->second.end;
    }
    if (reached != m_dataSize) {
        throw Error(m_path.string() + ": expected " + std::to_string(reached)
            + " bytes of data after the header, found " + std::to_string(m_dataSize)
            + "; copy the file anew");
    }
}

std::vector<std::string> SafetensorsFile::names() const
{
    std::vector<std::string> names;
    for (const auto& [name, tensor] : m_tensors)
        names.push_back(name);
    return names;
}

Matrix<float> SafetensorsFile::matrix(std::string_view name, int rows, int columns)
{
    const Tensor& tensor
        = find(name, { static_cast<std::uint64_t>(rows), static_cast<std::uint64_t>(columns) });
    Matrix<float> result(rows, columns);
    readNumbers(name, tensor, { result.data(), static_cast<std::size_t>(result.size()) });
    return result;
}

RowVector<float> SafetensorsFile::vector(std::string_view name, int size)
{
    const Tensor& tensor = find(name, { static_cast<std::uint64_t>(size) });
    RowVector<float> result(size);
    readNumbers(name, tensor, { result.data(), static_cast<std::size_t>(result.size()) });
    return result;
}

std::vector<float> SafetensorsFile::numbers(std::string_view name)
{
    const auto found = m_tensors.find(name);
    if (found == m_tensors.end() || found->second.shape.size() != 1)
        refuse(name,
            "expected a list of numbers, found "
                + (found == m_tensors.end() ? "no such tensor" : shownShape(found->second.shape)));
    const Tensor& tensor = find(name, found->second.shape);
    std::vector<float> result(tensor.shape.front());
    readNumbers(name, tensor, result);
    return result;
}

const SafetensorsFile::Tensor& SafetensorsFile::find(
    std::string_view name, const std::vector<std::uint64_t>& shape) const
{
    const auto found = m_tensors.find(name);
    if (found == m_tensors.end())
        refuse(name, "expected shape " + shownShape(shape) + ", found no such tensor");
    const Tensor& tensor = found->second;
    if (tensor.shape != shape)
        refuse(name, "expected shape " + shownShape(shape) + ", found " + shownShape(tensor.shape));
    if (tensor.type != "F32" && tensor.type != "F16" && tensor.type != "BF16")
        refuse(name, "expected type F32, F16 or BF16, found " + tensor.type);
    return tensor;
}

void SafetensorsFile::readNumbers(
    std::string_view name, const Tensor& tensor, std::span<float> numbers)
{
    m_stream.seekg(static_cast<std::streamoff>(m_dataBegin + tensor.begin));
    if (tensor.type == "F32") {
        m_stream.read(reinterpret_cast<char*>(numbers.data()),
            static_cast<std::streamsize>(numbers.size_bytes()));
    } else {
        std::vector<std::uint16_t> bits(numbers.size());
        m_stream.read(reinterpret_cast<char*>(bits.data()),
            static_cast<std::streamsize>(bits.size() * sizeof bits[0]));
        const bool brain = tensor.type == "BF16";
        std::ranges::transform(
            bits, numbers.begin(), [&](std::uint16_t each) { return widened(each, brain); });
    }
    if (!m_stream)
        refuse(name, "its numbers cannot be read");
    const auto broken
        = std::ranges::find_if_not(numbers, [](float number) { return std::isfinite(number); });
    if (broken != numbers.end()) {
        refuse(name,
            "expected finite numbers, found " + std::to_string(*broken) + " at place "
                + std::to_string(broken - numbers.begin()));
    }
}

void SafetensorsFile::refuse(std::string_view name, const std::string& why) const
{
    throw Error(
        m_path.string() + ": tensor " + shownName(name) + ": " + why + "; save the model anew");
}

void writeSafetensors(const std::filesystem::path& file, std::span<const NamedTensor> tensors,
    const std::map<std::string, std::string>& metadata, NumberFormat format)
{
    const bool halves = format == NumberFormat::F16;
    const std::uint64_t bytesEach = halves ? sizeof(std::uint16_t) : sizeof(float);
    nlohmann::ordered_json document = { { "__metadata__", { { "format", "pt" } } } };
    for (const auto& [key, value] : metadata)
        document["__metadata__"][key] = value;
    std::uint64_t begin = 0;
    for (const NamedTensor& tensor : tensors) {
        const std::uint64_t end = begin + tensor.numbers.size() * bytesEach;
        document[tensor.name] = { { "dtype", halves ? "F16" : "F32" }, { "shape", tensor.shape },
            { "data_offsets", { begin, end } } };
        begin = end;
    }
    std::string header = document.dump();
    header.resize((header.size() + 7) / 8 * 8, ' '); // so that the numbers are aligned

    const std::uint64_t length = header.size();
    std::string bytes(reinterpret_cast<const char*>(&length), lengthBytes);
    bytes.reserve(lengthBytes + header.size() + begin);
    bytes += header;
    for (const NamedTensor& tensor : tensors) {
        if (halves)
            appendHalves(bytes, tensor, file);
        else
            bytes.append(
                reinterpret_cast<const char*>(tensor.numbers.data()), tensor.numbers.size_bytes());
    }
    writeWholeFile(file, bytes);
}

} // namespace timestep
